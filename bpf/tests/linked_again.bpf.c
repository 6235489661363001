/* Defines again what linked_library.bpf.c has, or, asked to, means something else by its names. */
#include "linked.h"

#ifdef OTHER_MAP
extern struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, struct shared_value);
} shared_map SEC(".maps");

SEC("socket")
int again(struct __sk_buff *skb)
{
	__u32 key = 0;

	return bpf_map_lookup_elem(&shared_map, &key) != 0;
}
#elif defined(OTHER_TYPE)
extern long another;

SEC("socket")
int again(struct __sk_buff *skb)
{
	return another;
}
#else
__attribute__((noinline)) int twice(int x)
{
	return x + x;
}
#endif
