namespace Weft.BpfBench;

/// <summary>A hundred structures that a kernel has: the same that the other programs look for.</summary>
internal static class KernelNames
{
    public static string[] All { get; } = (
        "task_struct sk_buff sock inode file dentry super_block mm_struct vm_area_struct page folio net_device net "
        + "socket tcp_sock udp_sock inet_sock request_sock bio request_queue gendisk block_device cred pid nsproxy "
        + "cgroup css_set cgroup_subsys_state rq cfs_rq sched_entity task_group mutex rw_semaphore spinlock raw_spinlock "
        + "seqcount hrtimer timer_list work_struct workqueue_struct bpf_prog bpf_map bpf_prog_aux bpf_insn bpf_attr "
        + "bpf_link bpf_iter_meta bpf_iter__task bpf_sock_ops bpf_sock xdp_md xdp_buff __sk_buff pt_regs thread_struct "
        + "signal_struct sighand_struct files_struct fdtable fs_struct path vfsmount mount address_space kobject kref "
        + "device driver_private bus_type device_driver module list_head hlist_node rb_node rb_root xarray ida idr "
        + "kmem_cache zone pglist_data mem_cgroup notifier_block perf_event perf_event_attr trace_event_call trace_entry "
        + "tracepoint ftrace_ops iov_iter kiocb msghdr sockaddr sockaddr_in in6_addr ipv6hdr iphdr tcphdr udphdr ").Trim().Split(' ');
}
