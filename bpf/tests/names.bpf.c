/* Names that C# cannot have as they are. */
#include "check.h"

struct spec {
	__u32 a_b;
	__u32 ab;
	__u32 A__B;
	__u32 class;
	__u32 _3d;
	__u32 spec;
	__u32 equals;
	__u32 to_string;
};

struct maps {
	__u64 attach;
};

enum attach { ATTACH_NONE, ATTACH_ONE, ATTACH_one };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct spec);
	__type(value, struct maps);
} maps SEC(".maps"), loaded_maps SEC(".maps"), dispose SEC(".maps");

volatile enum attach programs;
volatile __u32 variables, untyped, loaded, spec;

SEC("socket")
int attach(struct __sk_buff *skb)
{
	struct spec key = {};

	if (programs == ATTACH_one)
		return variables + untyped + loaded + spec;
	return bpf_map_lookup_elem(&maps, &key) || bpf_map_lookup_elem(&loaded_maps, &key) || bpf_map_lookup_elem(&dispose, &key);
}
