/* Open packet: the notification and the configuration that the profile open_packet reads and writes.
 *
 * Portable C99, no allocation, no dependence on byte order or on a chip. Apache-2.0.
 *
 *   notification   u8 version = 1, u8 n, u16 counter, u32 t_us of the first sample,
 *                  n x (i16 ax ay az, i16 gx gy gz), little-endian, counts of full scale / 32768
 *   configuration  u16 rate_hz, u16 acc_range_g, u16 gyr_range_dps, u8 start
 */
#ifndef OPEN_PACKET_H
#define OPEN_PACKET_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define OPEN_PACKET_VERSION 1
#define OPEN_PACKET_HEADER_BYTES 8
#define OPEN_PACKET_SAMPLE_BYTES 12
#define OPEN_PACKET_MAX_SAMPLES 18 /* fits a notification at the usual ATT MTU of 247 */
#define OPEN_PACKET_MAX_BYTES (OPEN_PACKET_HEADER_BYTES + OPEN_PACKET_MAX_SAMPLES * OPEN_PACKET_SAMPLE_BYTES)
#define OPEN_PACKET_CONFIG_BYTES 7

#define OPEN_PACKET_SERVICE_UUID "7d1e0001-5c3b-4c8e-9f0a-2b6d1f4a9c35"
#define OPEN_PACKET_DATA_UUID "7d1e0002-5c3b-4c8e-9f0a-2b6d1f4a9c35"
#define OPEN_PACKET_CONFIG_UUID "7d1e0003-5c3b-4c8e-9f0a-2b6d1f4a9c35"

typedef struct {
  uint16_t rate_hz;
  uint16_t acc_range_g;
  uint16_t gyr_range_dps;
  uint8_t start; /* 1 = stream, 0 = stop */
} open_packet_config;

typedef struct {
  uint16_t counter; /* of the packet that is being filled */
  uint8_t samples_per_packet;
  uint8_t n; /* samples in it so far */
  uint8_t bytes[OPEN_PACKET_MAX_BYTES];
} open_packet;

/* Begin a stream: the counter starts at 0. samples_per_packet is held within 1 .. OPEN_PACKET_MAX_SAMPLES.
 * Keep it the same for the whole stream. */
void open_packet_begin(open_packet *packet, uint8_t samples_per_packet);

/* Most samples that a notification can carry at this ATT MTU (0 = none fits). */
uint8_t open_packet_samples_for_mtu(uint16_t att_mtu);

/* Add a sample that was taken at t_us. Returns the bytes to notify when it completes a packet, else 0.
 * The bytes are in packet->bytes and stay valid until the next call.
 * Call it for every packet, sent or not: a packet that the radio could not take must be missing in the counter. */
size_t open_packet_add(open_packet *packet, uint32_t t_us, const int16_t acc[3], const int16_t gyr[3]);

/* Counts of a chip whose full scale is not the one that was asked for, turned into counts of the packet;
 * saturates instead of rolling over. chip_full_scale and packet_full_scale in the same unit. */
int16_t open_packet_counts(int32_t chip_counts, float chip_full_scale, float packet_full_scale);

/* Read what was written to the configuration characteristic; 1 = understood, 0 = not (config unchanged). */
int open_packet_read_config(open_packet_config *config, const uint8_t *data, size_t length);

#ifdef __cplusplus
}
#endif

#endif
