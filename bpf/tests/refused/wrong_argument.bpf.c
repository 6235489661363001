/* The key is a number where an address is wanted. */
#include "check.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

SEC("socket")
int refused(struct __sk_buff *context)
{
	return bpf_map_lookup_elem(&counts, (void *)(long)context->len) != 0;
}
