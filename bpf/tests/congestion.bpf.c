/* Congestion controls for TCP, which do hardly anything. Members are fewer than the kernel's, and in another order. */
#include "check.h"
#include <bpf/bpf_tracing.h>

struct sock;
struct tcp_sock {
	__u32 snd_cwnd;
} __attribute__((preserve_access_index));

struct later {
	int number;
};

struct tcp_congestion_ops___weft {
	char name[16];
	void (*init)(struct sock *sk);
	struct later not_there;
	__u32 (*undo_cwnd)(struct sock *sk);
	__u32 (*ssthresh)(struct sock *sk);
	void (*cong_avoid)(struct sock *sk, __u32 number, __u32 count);
	void (*not_there_either)(struct sock *sk);
};

/* How many sockets began with it, and how often something was acknowledged. */
__u32 begun, begun_second, acknowledged;

SEC("struct_ops/begin")
void BPF_PROG(begin, struct sock *sk)
{
	__sync_fetch_and_add(&begun, 1);
}

SEC("struct_ops")
void BPF_PROG(begin_second, struct sock *sk)
{
	__sync_fetch_and_add(&begun_second, 1);
}

SEC("struct_ops/undo")
__u32 BPF_PROG(undo, struct sock *sk)
{
	return ((struct tcp_sock *)sk)->snd_cwnd;
}

SEC("?struct_ops/threshold")
__u32 BPF_PROG(threshold, struct sock *sk)
{
	return ((struct tcp_sock *)sk)->snd_cwnd / 2 + 2;
}

SEC("struct_ops/avoid")
void BPF_PROG(avoid, struct sock *sk, __u32 number, __u32 count)
{
	__sync_fetch_and_add(&acknowledged, 1);
}

SEC(".struct_ops")
struct tcp_congestion_ops___weft plain = {
	.name = "weft_plain",
	.init = (void *)begin,
	.undo_cwnd = (void *)undo,
	.ssthresh = (void *)threshold,
	.cong_avoid = (void *)avoid,
};

SEC(".struct_ops.link")
struct tcp_congestion_ops___weft first = {
	.name = "weft_link",
	.init = (void *)begin,
	.undo_cwnd = (void *)undo,
	.ssthresh = (void *)threshold,
	.cong_avoid = (void *)avoid,
};

/* Takes the place of the first. */
SEC(".struct_ops.link")
struct tcp_congestion_ops___weft second = {
	.name = "weft_link",
	.init = (void *)begin_second,
	.undo_cwnd = (void *)undo,
	.ssthresh = (void *)threshold,
	.cong_avoid = (void *)avoid,
};

SEC("?struct_ops/never")
void BPF_PROG(never, struct sock *sk)
{
}

/* What no kernel has. */
SEC("?.struct_ops.link")
struct tcp_congestion_ops___weft later = {
	.name = "weft_later",
	.not_there_either = (void *)never,
};

struct no_such_ops {
	int number;
};

SEC("?.struct_ops")
struct no_such_ops unknown = {};
