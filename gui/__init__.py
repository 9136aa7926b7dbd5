"""The dashboard: PySide6 and pyqtgraph over `imu.api`; nothing of the engine is known here beyond that facade."""
