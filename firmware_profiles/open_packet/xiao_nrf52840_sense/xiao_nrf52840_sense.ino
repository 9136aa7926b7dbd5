/* Example firmware for the Seeed XIAO nRF52840 Sense (LSM6DS3TR-C): streams open packets.
 *
 * Board package "Seeed nRF52 Boards" (Bluefruit library inside), library "Seeed Arduino LSM6DS3". Copy open_packet.h and
 * open_packet.c beside this file.
 * This sketch has not been run by the authors of the profile: see the bytes with `stride profiles decode open_packet`.
 */
#include <LSM6DS3.h>
#include <Wire.h>
#include <bluefruit.h>

#include "open_packet.h"

static const float CHIP_GYR_FULL_SCALE = 2293.76f; /* a count at 2000 deg/s is 0.07 deg/s */
static const float CHIP_ACC_FULL_SCALE = 15.990784f; /* a count at 16 g is 0.488 mg */

LSM6DS3 chip(I2C_MODE, 0x6A);
BLEService service(OPEN_PACKET_SERVICE_UUID);
BLECharacteristic data(OPEN_PACKET_DATA_UUID);
BLECharacteristic configuration(OPEN_PACKET_CONFIG_UUID);

open_packet packet;
open_packet_config config = {208, 16, 2000, 0};
volatile bool config_changed = false;

static void on_config(uint16_t connection, BLECharacteristic *characteristic, uint8_t *bytes, uint16_t length) {
  (void)connection;
  (void)characteristic;
  if (open_packet_read_config(&config, bytes, length)) config_changed = true;
}

static void on_connect(uint16_t handle) {
  BLEConnection *connection = Bluefruit.Connection(handle);
  connection->requestPHY();
  connection->requestDataLengthUpdate();
  connection->requestMtuExchange(247);
  connection->requestConnectionParameter(12); /* 15 ms */
}

static void on_disconnect(uint16_t handle, uint8_t reason) {
  (void)handle;
  (void)reason;
  config.start = 0;
  config_changed = true;
}

/* Set the chip to what was asked for, as far as it can; it always measures at +-16 g and +-2000 deg/s, and the counts are
 * converted, so that a range that was set too small saturates in the packet and not unseen in the chip. */
static void apply_config() {
  config_changed = false;
  chip.settings.accelRange = 16;
  chip.settings.gyroRange = 2000;
  chip.settings.accelSampleRate = config.rate_hz;
  chip.settings.gyroSampleRate = config.rate_hz;
  chip.settings.accelBandWidth = 400;
  chip.begin();
  uint16_t mtu = Bluefruit.connected() ? Bluefruit.Connection(Bluefruit.connHandle())->getMtu() : 247;
  open_packet_begin(&packet, open_packet_samples_for_mtu(mtu));
}

void setup() {
  Bluefruit.configPrphBandwidth(BANDWIDTH_MAX);
  Bluefruit.begin();
  Bluefruit.setName("Stride 0001");
  Bluefruit.Periph.setConnectCallback(on_connect);
  Bluefruit.Periph.setDisconnectCallback(on_disconnect);
  service.begin();
  data.setProperties(CHR_PROPS_NOTIFY);
  data.setPermission(SECMODE_OPEN, SECMODE_NO_ACCESS);
  data.setMaxLen(OPEN_PACKET_MAX_BYTES);
  data.begin();
  configuration.setProperties(CHR_PROPS_WRITE);
  configuration.setPermission(SECMODE_NO_ACCESS, SECMODE_OPEN);
  configuration.setFixedLen(OPEN_PACKET_CONFIG_BYTES);
  configuration.setWriteCallback(on_config);
  configuration.begin();
  Bluefruit.Advertising.addService(service);
  Bluefruit.ScanResponse.addName();
  Bluefruit.Advertising.restartOnDisconnect(true);
  Bluefruit.Advertising.start(0);
  apply_config();
}

void loop() {
  static uint32_t due_us = 0;
  if (config_changed) {
    apply_config();
    due_us = micros();
  }
  if (!config.start) {
    delay(5);
    return;
  }
  if ((int32_t)(micros() - due_us) < 0) return;
  uint32_t t_us = micros();
  due_us += 1000000UL / config.rate_hz;
  int16_t acc[3] = {chip.readRawAccelX(), chip.readRawAccelY(), chip.readRawAccelZ()};
  int16_t gyr[3] = {chip.readRawGyroX(), chip.readRawGyroY(), chip.readRawGyroZ()};
  for (int i = 0; i < 3; i++) {
    acc[i] = open_packet_counts(acc[i], CHIP_ACC_FULL_SCALE, config.acc_range_g);
    gyr[i] = open_packet_counts(gyr[i], CHIP_GYR_FULL_SCALE, config.gyr_range_dps);
  }
  size_t length = open_packet_add(&packet, t_us, acc, gyr);
  if (length) data.notify(packet.bytes, length); /* a packet that the radio cannot take is missing in the counter */
}
