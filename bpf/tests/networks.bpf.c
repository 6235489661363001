/* Hooks of networks that only other kernels have, or have in another way. Each counts how often it ran. */
#include "check.h"
#include <bpf/bpf_tracing.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} seen SEC(".maps");

static __always_inline void saw(void)
{
	__u32 zero = 0;
	__u64 *count = bpf_map_lookup_elem(&seen, &zero);

	if (count)
		__sync_fetch_and_add(count, 1);
}

SEC("?netkit/primary")
int by_netkit(struct __sk_buff *skb)
{
	saw();
	return -1;
}

SEC("?sk_lookup")
int by_lookup(struct bpf_sk_lookup *context)
{
	saw();
	return SK_PASS;
}

SEC("?sk_msg")
int by_message(struct sk_msg_md *message)
{
	saw();
	return SK_PASS;
}

SEC("?netfilter")
int by_netfilter(void *context)
{
	saw();
	return 1;
}

SEC("?flow_dissector")
int by_dissector(struct __sk_buff *skb)
{
	saw();
	return 0;
}

SEC("?lsm_cgroup/socket_bind")
int BPF_PROG(by_lsm_cgroup)
{
	saw();
	return 1;
}
