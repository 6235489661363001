/* Takes the records of a user ring buffer, and keeps how many there were and what stood in them. */
#include "check.h"

struct {
	__uint(type, BPF_MAP_TYPE_USER_RINGBUF);
	__uint(max_entries, 4096);
} commands SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 65536);
} echoes SEC(".maps");

/* Copies a record of up to sixteen bytes: its size, then its bytes. */
static long take(struct bpf_dynptr *record, void *context)
{
	__u64 echo[3] = {};
	int size = 16;

	while (size > 0 && bpf_dynptr_read(&echo[1], size, record, 0, 0))
		size -= 4;
	echo[0] = size;
	bpf_ringbuf_output(&echoes, echo, sizeof(echo), 0);
	return 0;
}

/* Returns how many records there were. */
SEC("socket")
int drain(struct __sk_buff *skb)
{
	return bpf_user_ringbuf_drain(&commands, take, 0, 0);
}

SEC("raw_tp/sys_enter")
int on_call(void *context)
{
	bpf_user_ringbuf_drain(&commands, take, 0, 0);
	return 0;
}
