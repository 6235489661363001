/* A place that a program of user space has marked, with a number. */
#include "check.h"
#include <asm/ptrace.h>
#include <stdbool.h>
#include <bpf/bpf_tracing.h>
#include <bpf/usdt.bpf.h>

#ifndef MARKED
#define MARKED "/usr/bin/marked"
#endif

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

SEC("usdt/" MARKED ":weft:fired")
int BPF_USDT(fired, long number)
{
	__u64 record = number;

	bpf_ringbuf_output(&events, &record, sizeof(record), 0);
	return 0;
}
