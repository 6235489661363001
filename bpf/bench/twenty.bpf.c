// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
// Twenty programs as a tracing tool has them, each with several accesses that are fitted to the kernel: what loading costs.
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#define FITTED __attribute__((preserve_access_index))

struct ns_common { unsigned int inum; } FITTED;
struct mnt_namespace { struct ns_common ns; } FITTED;
struct pid_namespace { struct ns_common ns; unsigned int level; } FITTED;
struct nsproxy { struct mnt_namespace *mnt_ns; struct pid_namespace *pid_ns_for_children; } FITTED;
struct kernfs_node { __u64 id; } FITTED;
struct cgroup { struct kernfs_node *kn; int level; } FITTED;
struct css_set { struct cgroup *dfl_cgrp; } FITTED;
struct mm_struct { unsigned long arg_start, arg_end, total_vm; } FITTED;
struct cred { struct { unsigned int val; } uid, gid; } FITTED;
struct task_struct {
	int pid, tgid, exit_code;
	__u64 start_time;
	struct task_struct *real_parent, *group_leader;
	struct nsproxy *nsproxy;
	struct css_set *cgroups;
	struct mm_struct *mm;
	const struct cred *cred;
	char comm[16];
} FITTED;
struct in6_addr { union { __u8 u6_addr8[16]; } in6_u; } FITTED;
struct sock_common {
	unsigned short skc_family;
	volatile unsigned char skc_state;
	__u32 skc_daddr, skc_rcv_saddr;
	__u16 skc_dport, skc_num;
	struct in6_addr skc_v6_daddr, skc_v6_rcv_saddr;
} FITTED;
struct sock { struct sock_common __sk_common; __u32 sk_mark; int sk_rcvbuf, sk_sndbuf; } FITTED;
struct tcp_sock { __u32 srtt_us, mdev_us, snd_cwnd, rcv_wnd, total_retrans; __u64 bytes_acked, bytes_received; } FITTED;
struct sk_buff { unsigned int len, data_len; __u16 protocol; struct sock *sk; } FITTED;
struct linux_binprm { const char *filename; int argc, envc; } FITTED;
struct trace_event_raw_sys_enter { long id; unsigned long args[6]; } FITTED;
struct trace_event_raw_sys_exit { long id; long ret; } FITTED;

struct event {
	__u64 time, cgroup, start;
	__u32 pid, parent, mount, space, uid, kind;
	__u64 a, b, c, d;
	char comm[16];
};

struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 1 << 16); } events SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 1024); __type(key, __u32); __type(value, __u64); } seen SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY); __uint(max_entries, 1); __type(key, __u32); __type(value, __u64); } lost SEC(".maps");

const volatile __u32 only_pid = 0;
__u64 total;

static __always_inline struct event *begin(struct task_struct *task, __u32 kind)
{
	__u32 zero = 0, pid = BPF_CORE_READ(task, tgid);
	struct event *e;

	if (only_pid && pid != only_pid)
		return 0;
	e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	if (!e) {
		__u64 *count = bpf_map_lookup_elem(&lost, &zero);

		if (count)
			++*count;
		return 0;
	}
	__builtin_memset(e, 0, sizeof(*e));
	e->time = bpf_ktime_get_ns();
	e->kind = kind;
	e->pid = pid;
	e->parent = BPF_CORE_READ(task, real_parent, tgid);
	e->start = BPF_CORE_READ(task, group_leader, start_time);
	e->mount = BPF_CORE_READ(task, nsproxy, mnt_ns, ns.inum);
	e->space = BPF_CORE_READ(task, nsproxy, pid_ns_for_children, ns.inum);
	e->cgroup = BPF_CORE_READ(task, cgroups, dfl_cgrp, kn, id);
	e->uid = BPF_CORE_READ(task, cred, uid.val);
	BPF_CORE_READ_INTO(&e->comm, task, comm);
	return e;
}

static __always_inline int end(struct event *e)
{
	__u64 now = e->time;

	bpf_map_update_elem(&seen, &e->pid, &now, BPF_ANY);
	__sync_fetch_and_add(&total, 1);
	bpf_ringbuf_submit(e, 0);
	return 0;
}

static __always_inline int socket(struct sock *sk, __u32 kind)
{
	struct event *e = begin((void *)bpf_get_current_task(), kind);
	struct tcp_sock *tp = (void *)sk;

	if (!e)
		return 0;
	e->a = ((__u64)BPF_CORE_READ(sk, __sk_common.skc_daddr) << 32) | BPF_CORE_READ(sk, __sk_common.skc_rcv_saddr);
	e->b = ((__u64)BPF_CORE_READ(sk, __sk_common.skc_dport) << 16) | BPF_CORE_READ(sk, __sk_common.skc_num);
	e->c = ((__u64)BPF_CORE_READ(tp, srtt_us) << 32) | BPF_CORE_READ(tp, snd_cwnd);
	e->d = BPF_CORE_READ(tp, bytes_acked) + BPF_CORE_READ(tp, bytes_received) + BPF_CORE_READ(sk, __sk_common.skc_state);
	return end(e);
}

static __always_inline int task(struct task_struct *t, __u32 kind)
{
	struct event *e = begin(t, kind);

	if (!e)
		return 0;
	e->a = BPF_CORE_READ(t, exit_code);
	e->b = BPF_CORE_READ(t, mm, arg_start);
	e->c = BPF_CORE_READ(t, mm, total_vm);
	e->d = BPF_CORE_READ(t, cgroups, dfl_cgrp, level);
	return end(e);
}

static __always_inline int packet(struct sk_buff *skb, __u32 kind)
{
	struct event *e = begin((void *)bpf_get_current_task(), kind);

	if (!e)
		return 0;
	e->a = BPF_CORE_READ(skb, len);
	e->b = BPF_CORE_READ(skb, protocol);
	e->c = BPF_CORE_READ(skb, sk, __sk_common.skc_family);
	e->d = bpf_core_field_exists(skb->data_len) ? BPF_CORE_READ(skb, data_len) : 0;
	return end(e);
}

static __always_inline int enter(struct trace_event_raw_sys_enter *ctx, __u32 kind)
{
	struct event *e = begin((void *)bpf_get_current_task(), kind);

	if (!e)
		return 0;
	e->a = BPF_CORE_READ(ctx, id);
	e->b = BPF_CORE_READ(ctx, args[0]);
	e->c = BPF_CORE_READ(ctx, args[1]);
	return end(e);
}

#define RAW(name, event, arg, fn, kind) \
	SEC("raw_tp/" #event) int name(struct bpf_raw_tracepoint_args *ctx) { return fn((void *)ctx->args[arg], kind); }
#define TYPED(name, event, arg, fn, kind) SEC("tp_btf/" #event) int name(__u64 *ctx) { return fn((void *)ctx[arg], kind); }
#define SYSCALL(name, event, kind) \
	SEC("tp/syscalls/sys_enter_" #event) int name(struct trace_event_raw_sys_enter *ctx) { return enter(ctx, kind); }

RAW(raw_probe, tcp_probe, 0, socket, 1)
RAW(raw_retransmit, tcp_retransmit_skb, 0, socket, 2)
RAW(raw_reset, tcp_receive_reset, 0, socket, 3)
RAW(raw_destroy, tcp_destroy_sock, 0, socket, 4)
RAW(raw_state, inet_sock_set_state, 0, socket, 5)
RAW(raw_exec, sched_process_exec, 0, task, 6)
RAW(raw_exit, sched_process_exit, 0, task, 7)
RAW(raw_fork, sched_process_fork, 1, task, 8)
RAW(raw_wake, sched_wakeup, 0, task, 9)
RAW(raw_free, kfree_skb, 0, packet, 10)
TYPED(typed_probe, tcp_probe, 0, socket, 11)
TYPED(typed_retransmit, tcp_retransmit_skb, 0, socket, 12)
TYPED(typed_state, inet_sock_set_state, 0, socket, 13)
TYPED(typed_exec, sched_process_exec, 0, task, 14)
TYPED(typed_exit, sched_process_exit, 0, task, 15)
SYSCALL(enter_openat, openat, 16)
SYSCALL(enter_connect, connect, 17)
SYSCALL(enter_mknodat, mknodat, 18)
SYSCALL(enter_execve, execve, 19)
SYSCALL(enter_mount, mount, 20)

char LICENSE[] SEC("license") = "GPL";
