/* What modules of the kernel have: functions for programs, types and addresses of nf_conntrack. */
#include "check.h"
#include <bpf/bpf_core_read.h>

#define BPF_F_CURRENT_NETNS (-1)
#define UDP 17

struct nf_conn;

struct bpf_ct_opts {
	int netns_id;
	int error;
	__u8 l4proto;
	__u8 dir;
	__u8 reserved[2];
};

/* Only the module has it, and there the member stands elsewhere. */
struct bpf_ct_opts___moved {
	int error;
} __attribute__((preserve_access_index));

extern struct nf_conn *bpf_skb_ct_lookup(struct __sk_buff *skb, struct bpf_sock_tuple *tuple, __u32 tuple__sz,
					 struct bpf_ct_opts *opts, __u32 opts__sz) __ksym;
extern void bpf_ct_release(struct nf_conn *connection) __ksym;
extern void bpf_ct_there_is_no_such_function(struct nf_conn *connection) __ksym __weak;
extern const void nf_conntrack_hash __ksym;

SEC("tc")
int calls_module(struct __sk_buff *skb)
{
	struct bpf_ct_opts opts = { .netns_id = BPF_F_CURRENT_NETNS, .l4proto = UDP };
	struct bpf_sock_tuple tuple = { .ipv4.saddr = 1, .ipv4.daddr = 2, .ipv4.sport = 3, .ipv4.dport = 4 };
	struct nf_conn *connection = bpf_skb_ct_lookup(skb, &tuple, sizeof(tuple.ipv4), &opts, sizeof(opts));

	if (connection) {
		if (bpf_ct_there_is_no_such_function)
			bpf_ct_there_is_no_such_function(connection);
		bpf_ct_release(connection);
		return __LINE__;
	}
	CHECK(opts.error == -2);
	CHECK(!bpf_ct_there_is_no_such_function);
	return MAGIC;
}

SEC("tc")
int knows_types(struct __sk_buff *skb)
{
	CHECK(bpf_core_type_exists(struct bpf_ct_opts___moved));
	CHECK(bpf_core_field_offset(struct bpf_ct_opts___moved, error) == 4);
	CHECK(&nf_conntrack_hash);
	return MAGIC;
}
