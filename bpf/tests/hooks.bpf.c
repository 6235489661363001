/* One program for each kind of hook. Each counts how often it ran, and leaves a number; a test loads one of them at a time. */
#include "check.h"
#include <asm/ptrace.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#define DENIED -1
#define SAME_PROCESS (bpf_get_current_pid_tgid() >> 32 == process)

/* Who is watched: hooks that all processes come by see the others, too. */
const volatile __u32 process;

struct seen {
	__u64 count;
	__u64 number;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct seen);
} seen SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ring SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} rings SEC(".maps");

static __always_inline int saw(__u64 number)
{
	__u32 zero = 0;
	struct seen *found = bpf_map_lookup_elem(&seen, &zero);

	if (found) {
		__sync_fetch_and_add(&found->count, 1);
		found->number = number;
	}
	return 0;
}

SEC("?kprobe/do_unlinkat")
int by_kprobe(void *context)
{
	return SAME_PROCESS ? saw(1) : 0;
}

SEC("?kretprobe/do_unlinkat")
int by_kretprobe(struct pt_regs *context)
{
	return SAME_PROCESS ? saw((int)PT_REGS_RC(context)) : 0;
}

SEC("?kprobe")
int by_cookie(void *context)
{
	return SAME_PROCESS ? saw(bpf_get_attach_cookie(context)) : 0;
}

SEC("?kprobe")
int by_uprobe(void *context)
{
	return SAME_PROCESS ? saw(1) : 0;
}

SEC("?fentry/do_unlinkat")
int BPF_PROG(by_fentry, int folder)
{
	return SAME_PROCESS ? saw(folder) : 0;
}

SEC("?fentry/do_unlinkat")
int by_fentry_cookie(void *context)
{
	return SAME_PROCESS ? saw(bpf_get_attach_cookie(context)) : 0;
}

SEC("?fexit/do_unlinkat")
int BPF_PROG(by_fexit, int folder, void *name, long result)
{
	return SAME_PROCESS ? saw((int)result) : 0;
}

SEC("?fmod_ret/security_inode_mkdir")
int BPF_PROG(by_fmod_ret)
{
	if (!SAME_PROCESS)
		return 0;
	saw(1);
	return DENIED;
}

SEC("?lsm/inode_rmdir")
int BPF_PROG(by_lsm, void *folder, void *entry)
{
	if (!SAME_PROCESS)
		return 0;
	saw(1);
	return DENIED;
}

/* May sleep. */
SEC("?lsm.s/file_open")
int BPF_PROG(by_sleepable_lsm)
{
	return SAME_PROCESS ? saw(1) : 0;
}

SEC("?fentry/dummy_get_stats64")
int BPF_PROG(by_module_function)
{
	return SAME_PROCESS ? saw(1) : 0;
}

SEC("?fentry/bpf_skb_ct_lookup")
int by_module_kfunc(void *context)
{
	return SAME_PROCESS ? saw(1) : 0;
}

SEC("?kprobe/__bpf_nf_ct_lookup")
int by_module_kprobe(void *context)
{
	return SAME_PROCESS ? saw(1) : 0;
}

SEC("?tp/syscalls/sys_enter_unlink")
int by_tracepoint(void *context)
{
	return SAME_PROCESS ? saw(1) : 0;
}

SEC("?raw_tp/sys_enter")
int by_raw_tracepoint(struct bpf_raw_tracepoint_args *context)
{
	return SAME_PROCESS ? saw(context->args[1]) : 0;
}

struct task_struct {
	int tgid;
	struct task_struct *group_leader;
} __attribute__((preserve_access_index));

/* The number of the process as the kernel's structures have it, which lie elsewhere in each kernel. */
SEC("?tp_btf/sys_enter")
int BPF_PROG(by_typed_tracepoint, void *registers, long call)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	return SAME_PROCESS ? saw(BPF_CORE_READ(task, group_leader, tgid)) : 0;
}

SEC("?perf_event")
int by_clock(void *context)
{
	return saw(1);
}

struct seq_file;
struct bpf_iter_meta {
	struct seq_file *seq;
} __attribute__((preserve_access_index));
struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
} __attribute__((preserve_access_index));

SEC("?iter/task")
int by_iterator(struct bpf_iter__task *context)
{
	struct task_struct *task = context->task;

	if (task) {
		int number = task->tgid;

		bpf_seq_write(context->meta->seq, &number, sizeof(number));
	}
	return 0;
}

SEC("?cgroup_skb/egress")
int by_cgroup_packet(struct __sk_buff *skb)
{
	saw(skb->len);
	return 1;
}

/* What is made in a group of its own is refused. */
SEC("?cgroup/dev")
int by_cgroup_device(struct bpf_cgroup_dev_ctx *context)
{
	if (!((context->access_type >> 16) & BPF_DEVCG_ACC_MKNOD))
		return 1;
	saw(context->minor);
	return 0;
}

SEC("?cgroup/connect4")
int by_cgroup_connect(struct bpf_sock_addr *context)
{
	saw(context->user_port);
	return 0;
}

SEC("?xdp")
int by_xdp(struct xdp_md *context)
{
	saw(context->data_end - context->data);
	return XDP_PASS;
}

SEC("?tc")
int by_tcx(struct __sk_buff *skb)
{
	saw(skb->len);
	return -1;
}

SEC("?raw_tp/sys_enter")
int to_ring(struct bpf_raw_tracepoint_args *context)
{
	__u64 number = context->args[1];

	if (SAME_PROCESS)
		bpf_ringbuf_output(&ring, &number, sizeof(number), 0);
	return 0;
}

SEC("?raw_tp/sys_enter")
int to_rings(struct bpf_raw_tracepoint_args *context)
{
	__u64 number = context->args[1];

	if (SAME_PROCESS)
		bpf_perf_event_output(context, &rings, BPF_F_CURRENT_CPU, &number, sizeof(number));
	return 0;
}
