/* Maps, declared by types: sizes by types and by numbers, flags, pins, maps of maps, programs in maps. */
#include "check.h"

struct key {
	__u32 id;
	__u16 port;
	__u16 family;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 128);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct key);
	__type(value, __u64);
} by_type SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__uint(key_size, 4);
	__uint(value_size, 16);
} by_number SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} per_processor SEC(".maps");

struct inner {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
};

struct inner one SEC(".maps"), two SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 4);
	__type(key, __u32);
	__array(values, struct inner);
} outer SEC(".maps") = {
	.values = {[1] = &one, [3] = &two},
};

#ifndef WITHOUT_PROGRAMS
int last(struct __sk_buff *skb);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 3);
	__type(key, __u32);
	__array(values, int(void *));
} tails SEC(".maps") = {
	.values = {[2] = (void *)&last},
};

SEC("socket")
int last(struct __sk_buff *skb)
{
	return MAGIC;
}

SEC("socket")
int jumps(struct __sk_buff *skb)
{
	bpf_tail_call(skb, &tails, 2);
	return __LINE__;
}
#endif

SEC("socket")
int uses(struct __sk_buff *skb)
{
	struct key key = {.id = 7, .port = 80, .family = 2};
	__u64 value = 42;
	__u32 index = 1, zero = 0;

	CHECK(bpf_map_update_elem(&by_type, &key, &value, BPF_ANY) == 0);
	__u64 *found = bpf_map_lookup_elem(&by_type, &key);
	CHECK(found && *found == 42);
	CHECK(bpf_map_lookup_elem(&by_number, &index));

	void *map = bpf_map_lookup_elem(&outer, &index);
	CHECK(map);
	__u32 *element = bpf_map_lookup_elem(map, &zero);
	CHECK(element && *element == 0);
	*element = 9;
	index = 0;
	CHECK(!bpf_map_lookup_elem(&outer, &index));
	index = 3;
	CHECK(bpf_map_lookup_elem(&outer, &index));

	__u64 *record = bpf_ringbuf_reserve(&events, sizeof(*record), 0);
	CHECK(record);
	*record = value;
	bpf_ringbuf_submit(record, 0);
	return MAGIC;
}

/* Refers to the rest. */
SEC("?perf_event")
int rest(void *context)
{
	__u64 value = 1;
	return bpf_perf_event_output(context, &per_processor, BPF_F_CURRENT_CPU, &value, sizeof(value));
}
