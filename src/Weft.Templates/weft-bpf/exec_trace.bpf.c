/* Tells of each program that is executed: its process, its name, its file. The class ExecTrace is written of this file. */
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

/* Only what is used of the kernel's structures: where it stands in them is looked up when the program is loaded. */
struct task_struct {
	int tgid;
} __attribute__((preserve_access_index));

struct linux_binprm {
	const char *filename;
} __attribute__((preserve_access_index));

struct event {
	__u32 pid;
	char comm[16];
	char filename[108];
};

/* Has the compiler write the type down, for the program that reads the records. */
const struct event *unused __attribute__((unused));

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

/* Not told of; set before the program is loaded. */
const volatile __u32 ignored_pid;

/* Records that did not fit into the ring. */
__u64 lost;

SEC("tp_btf/sched_process_exec")
int BPF_PROG(executed, struct task_struct *task, int old_pid, struct linux_binprm *program)
{
	struct event *event;

	if (task->tgid == ignored_pid)
		return 0;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event) {
		__sync_fetch_and_add(&lost, 1);
		return 0;
	}
	event->pid = task->tgid;
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	if (bpf_probe_read_kernel_str(event->filename, sizeof(event->filename), program->filename) < 0)
		event->filename[0] = 0;
	bpf_ringbuf_submit(event, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
