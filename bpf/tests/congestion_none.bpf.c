/* Functions of a structure of the kernel's: a way to govern congestion that does nothing. */
#include "check.h"
#include <bpf/bpf_tracing.h>

struct sock;

struct tcp_congestion_ops {
	void (*init)(struct sock *socket);
	__u32 (*ssthresh)(struct sock *socket);
	void (*cong_avoid)(struct sock *socket, __u32 ack, __u32 acked);
	__u32 (*undo_cwnd)(struct sock *socket);
	char name[16];
};

SEC("struct_ops/threshold")
__u32 BPF_PROG(threshold, struct sock *socket)
{
	return 2;
}

SEC("struct_ops/avoid")
void BPF_PROG(avoid, struct sock *socket, __u32 ack, __u32 acked)
{
}

SEC("struct_ops/undo")
__u32 BPF_PROG(undo, struct sock *socket)
{
	return 2;
}

SEC(".struct_ops")
struct tcp_congestion_ops weft_none = {
	.ssthresh = (void *)threshold,
	.cong_avoid = (void *)avoid,
	.undo_cwnd = (void *)undo,
	.name = "weft_none",
};
