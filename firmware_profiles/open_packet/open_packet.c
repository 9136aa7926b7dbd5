#include "open_packet.h"

static void put_u16(uint8_t *at, uint16_t value) {
  at[0] = (uint8_t)(value & 0xffu);
  at[1] = (uint8_t)(value >> 8);
}

static uint16_t get_u16(const uint8_t *at) { return (uint16_t)(at[0] | (uint16_t)((uint16_t)at[1] << 8)); }

void open_packet_begin(open_packet *packet, uint8_t samples_per_packet) {
  if (samples_per_packet < 1) samples_per_packet = 1;
  if (samples_per_packet > OPEN_PACKET_MAX_SAMPLES) samples_per_packet = OPEN_PACKET_MAX_SAMPLES;
  packet->counter = 0;
  packet->samples_per_packet = samples_per_packet;
  packet->n = 0;
}

uint8_t open_packet_samples_for_mtu(uint16_t att_mtu) {
  if (att_mtu < 3 + OPEN_PACKET_HEADER_BYTES + OPEN_PACKET_SAMPLE_BYTES) return 0;
  uint16_t n = (uint16_t)((att_mtu - 3 - OPEN_PACKET_HEADER_BYTES) / OPEN_PACKET_SAMPLE_BYTES);
  return (uint8_t)(n > OPEN_PACKET_MAX_SAMPLES ? OPEN_PACKET_MAX_SAMPLES : n);
}

size_t open_packet_add(open_packet *packet, uint32_t t_us, const int16_t acc[3], const int16_t gyr[3]) {
  uint8_t *at = packet->bytes;
  if (packet->n == 0) { /* the header carries the time of the first sample */
    at[0] = OPEN_PACKET_VERSION;
    at[1] = packet->samples_per_packet;
    put_u16(at + 2, packet->counter);
    put_u16(at + 4, (uint16_t)(t_us & 0xffffu));
    put_u16(at + 6, (uint16_t)(t_us >> 16));
  }
  at += OPEN_PACKET_HEADER_BYTES + (size_t)packet->n * OPEN_PACKET_SAMPLE_BYTES;
  for (int i = 0; i < 3; i++) {
    put_u16(at + 2 * i, (uint16_t)acc[i]);
    put_u16(at + 6 + 2 * i, (uint16_t)gyr[i]);
  }
  packet->n++;
  if (packet->n < packet->samples_per_packet) return 0;
  packet->n = 0;
  packet->counter++; /* rolls over after 65535 */
  return OPEN_PACKET_HEADER_BYTES + (size_t)packet->samples_per_packet * OPEN_PACKET_SAMPLE_BYTES;
}

int16_t open_packet_counts(int32_t chip_counts, float chip_full_scale, float packet_full_scale) {
  float counts = (float)chip_counts * (chip_full_scale / packet_full_scale);
  if (counts >= 32767.0f) return 32767;
  if (counts <= -32768.0f) return -32768;
  return (int16_t)(counts < 0.0f ? counts - 0.5f : counts + 0.5f);
}

int open_packet_read_config(open_packet_config *config, const uint8_t *data, size_t length) {
  if (length != OPEN_PACKET_CONFIG_BYTES || data[6] > 1 || get_u16(data) == 0) return 0;
  config->rate_hz = get_u16(data);
  config->acc_range_g = get_u16(data + 2);
  config->gyr_range_dps = get_u16(data + 4);
  config->start = data[6];
  return 1;
}
