// What is defined elsewhere: settings, variables and functions of the kernel.

#define SEC(name) __attribute__((section(name), used))
#define __kconfig __attribute__((section(".kconfig")))
#define __ksym __attribute__((section(".ksyms")))
#define __weak __attribute__((weak))

struct task;

extern int LINUX_KERNEL_VERSION __kconfig;
extern _Bool CONFIG_BPF __kconfig __weak;
extern const void bpf_prog_active __ksym;
extern const int runqueues __ksym __weak;
extern struct task *bpf_task_acquire(struct task *) __ksym;
extern void bpf_task_release(struct task *) __ksym;

SEC("socket") int program(void *context)
{
	struct task *task = bpf_task_acquire(0);
	if (task)
		bpf_task_release(task);
	return LINUX_KERNEL_VERSION + CONFIG_BPF + (int)(long)&bpf_prog_active + (&runqueues != 0);
}

char LICENSE[] SEC("license") = "GPL";
