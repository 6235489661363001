/* What is taken from the kernel: values of its configuration, addresses of symbols, variables and functions, or their lack. */
#include "check.h"

extern unsigned int LINUX_KERNEL_VERSION __kconfig;
extern _Bool CONFIG_BPF_SYSCALL __kconfig;
extern enum libbpf_tristate CONFIG_BPF __kconfig __weak;
extern int CONFIG_HZ __kconfig __weak;
extern char CONFIG_DEFAULT_HOSTNAME[16] __kconfig __weak;
extern int CONFIG_THERE_IS_NO_SUCH_THING __kconfig __weak;
extern const void bpf_prog_put __ksym;
extern const void there_is_no_such_symbol __ksym __weak;
extern const int there_is_no_such_variable __ksym __weak;
extern void there_is_no_such_function(void) __ksym __weak;

SEC("socket")
int configuration(struct __sk_buff *skb)
{
	CHECK(LINUX_KERNEL_VERSION >= 0x050000);
	CHECK(CONFIG_BPF_SYSCALL);
	CHECK(CONFIG_BPF == TRI_YES);
	CHECK(CONFIG_HZ > 0);
	CHECK(CONFIG_DEFAULT_HOSTNAME[0] != 0);
	CHECK(CONFIG_THERE_IS_NO_SUCH_THING == 0);
	return MAGIC;
}

SEC("tp_btf/sched_switch")
int symbols(void *context)
{
	CHECK(&bpf_prog_put);
	CHECK(!&there_is_no_such_symbol);
	CHECK(!&there_is_no_such_variable);
	if (there_is_no_such_function)
		there_is_no_such_function();
	return MAGIC;
}
