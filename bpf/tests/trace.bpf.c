/* What is traced: records of a program that was executed, in a ring buffer and in a perf buffer, of several types. */
#include "check.h"
#include <bpf/bpf_tracing.h>

enum kind { KIND_EXEC = 1, KIND_EXIT = 2 };

struct event {
	__u32 pid;
	enum kind kind;
	char comm[16];
	__u64 numbers[2];
};

struct sample {
	__u32 value;
	char comm[16];
};

struct odd {
	__u8 bytes[3];
} __attribute__((packed));

const struct event *unused __attribute__((unused));

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
	__type(value, struct odd);
} declared SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__type(value, struct sample);
} samples SEC(".maps");

/* Only a program of this name is told of. */
const volatile char wanted[16];
const volatile __u32 number = 7;
volatile __u64 lost;

static __attribute__((always_inline)) int is_wanted(const char *comm)
{
	for (int i = 0; i < 16; i++) {
		if (comm[i] != wanted[i])
			return 0;
		if (comm[i] == 0)
			break;
	}
	return 1;
}

SEC("raw_tp/sched_process_exec")
int executed(void *context)
{
	char comm[16];

	bpf_get_current_comm(comm, sizeof(comm));
	if (!is_wanted(comm))
		return 0;
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event) {
		lost += 1;
		return 0;
	}
	event->pid = 4711;
	event->kind = KIND_EXEC;
	__builtin_memcpy(event->comm, comm, sizeof(comm));
	event->numbers[0] = number;
	event->numbers[1] = 1ull << 63;
	bpf_ringbuf_submit(event, 0);

	struct odd odd = {{1, 2, 3}};
	bpf_ringbuf_output(&declared, &odd, sizeof(odd), 0);

	struct sample sample = {.value = number};
	__builtin_memcpy(sample.comm, comm, sizeof(comm));
	bpf_perf_event_output(context, &samples, BPF_F_CURRENT_CPU, &sample, sizeof(sample));

	/* Of no known size. */
	__u64 nameless = 0x0102030405060708;
	bpf_ringbuf_output(&events, &nameless, sizeof(nameless), 0);
	return 0;
}

SEC("xdp")
int nowhere(struct xdp_md *context)
{
	return XDP_PASS;
}

SEC("socket")
int refused(struct __sk_buff *skb)
{
	return *(volatile int *)0;
}
