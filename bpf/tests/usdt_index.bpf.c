/* Tells what it is told of an argument with an index, in a layout of its own: names of members count, not their places. */
#include "check.h"

struct __bpf_usdt_arg_spec {
	__u64 val_off;
	unsigned int arg_type : 8;
	__u16 idx_reg_off : 12;
	__u16 scale_bitshift : 4;
	short reg_off;
	_Bool arg_signed;
	char arg_bitshift;
};

struct __bpf_usdt_spec {
	short arg_cnt;
	__u64 usdt_cookie;
	struct __bpf_usdt_arg_spec args[12];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, int);
	__type(value, struct __bpf_usdt_spec);
} __bpf_usdt_specs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __s64[8]);
} told SEC(".maps");

SEC("usdt")
int any(void *context)
{
	int number = bpf_get_attach_cookie(context);
	__u32 zero = 0;
	struct __bpf_usdt_spec *spec = bpf_map_lookup_elem(&__bpf_usdt_specs, &number);
	__s64 *to = bpf_map_lookup_elem(&told, &zero);

	if (!spec || !to)
		return 0;
	to[0] += 1;
	to[1] = spec->arg_cnt;
	to[2] = spec->args[0].arg_type;
	to[3] = spec->args[0].val_off;
	to[4] = spec->args[0].reg_off;
	to[5] = spec->args[0].idx_reg_off;
	to[6] = spec->args[0].scale_bitshift;
	to[7] = spec->args[0].arg_bitshift * (spec->args[0].arg_signed ? -1 : 1);
	return 0;
}
