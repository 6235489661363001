/* Functions: static ones and visible ones, nested, used twice, and addresses of them for helpers that call back. */
#include "check.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u64);
} numbers SEC(".maps");

volatile __u32 calls;

static __attribute__((noinline)) int inner(int x)
{
	calls += 1;
	return x * 2;
}

static __attribute__((noinline)) int outer(int x)
{
	return inner(x) + inner(x + 1);
}

__attribute__((noinline)) int visible(int x)
{
	return x + 1;
}

struct bpf_map;

static long each(struct bpf_map *map, const void *key, __u64 *value, void *context)
{
	*(__u64 *)context += *value + visible(*(__u32 *)key);
	return 0;
}

static long counted(__u32 index, void *context)
{
	*(__u64 *)context += index;
	return 0;
}

SEC("socket")
int nested(struct __sk_buff *skb)
{
	CHECK(outer(3) == 14);
	CHECK(visible(1) == 2);
	CHECK(calls == 2);
	return MAGIC;
}

SEC("socket")
int calls_back(struct __sk_buff *skb)
{
	__u64 sum = 0;

	CHECK(bpf_for_each_map_elem(&numbers, each, &sum, 0) == 8);
	CHECK(sum == 36);
	sum = 0;
	CHECK(bpf_loop(5, counted, &sum, 0) == 5);
	CHECK(sum == 10);
	CHECK(inner(4) == 8);
	return MAGIC;
}
