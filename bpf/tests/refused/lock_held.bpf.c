/* Returns with a lock that it has taken. */
#include "check.h"

struct locked {
	struct bpf_spin_lock lock;
	int count;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct locked);
} values SEC(".maps");

SEC("tc")
int refused(struct __sk_buff *context)
{
	__u32 key = 0;
	struct locked *value = bpf_map_lookup_elem(&values, &key);

	if (!value)
		return 0;
	bpf_spin_lock(&value->lock);
	value->count++;
	return 0;
}
