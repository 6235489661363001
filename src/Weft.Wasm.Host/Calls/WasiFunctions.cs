namespace Weft.Wasm.Host;

/// <summary>
/// What is imported from WASI. There are no files: output is the log, and the rest answers what Envoy's host answers,
/// so that the runtimes of Go, Rust and Emscripten link and start.
/// </summary>
internal static class WasiFunctions
{
    public static IEnumerable<HostFunction> All =>
    [
        HostFunction.Of("fd_write", WasiCalls.FdWrite),
        HostFunction.OfLong("clock_time_get", WasiCalls.ClockTimeGet),
        HostFunction.Of("clock_res_get", WasiCalls.ClockResGet),
        HostFunction.Of("random_get", WasiCalls.RandomGet),
        HostFunction.Of("environ_get", WasiCalls.EnvironGet),
        HostFunction.Of("environ_sizes_get", WasiCalls.EnvironSizesGet),
        HostFunction.Of("args_sizes_get", WasiCalls.ArgsSizesGet),
        HostFunction.Of("poll_oneoff", WasiCalls.PollOneoff),
        HostFunction.Of("proc_exit", WasiCalls.ProcExit),
        HostFunction.Of("fd_fdstat_get", WasiCalls.FdFdstatGet),
        HostFunction.Fixed("args_get", "ii", WasiErrno.Success),
        HostFunction.Fixed("sched_yield", "", WasiErrno.Success),
        HostFunction.Fixed("fd_advise", "iIIi", WasiErrno.Success),
        HostFunction.Fixed("fd_close", "i", WasiErrno.Success),
        HostFunction.Fixed("fd_seek", "iIii", WasiErrno.Success),
        HostFunction.OfLong("fd_allocate", (int fd, long _, long _) => WasiCalls.OutputOnly(fd)),
        HostFunction.Of("fd_datasync", WasiCalls.OutputOnly),
        HostFunction.Of("fd_sync", WasiCalls.OutputOnly),
        HostFunction.OfLong("fd_fdstat_set_rights", (int fd, long _, long _) => WasiCalls.OutputOnly(fd)),
        HostFunction.OfLong("fd_filestat_set_size", (int fd, long _) => WasiCalls.OutputOnly(fd)),
        HostFunction.OfLong("fd_filestat_set_times", (int fd, long _, long _, int _) => WasiCalls.OutputOnly(fd)),
        HostFunction.Of("fd_tell", WasiCalls.FdTell),
        HostFunction.OfLong("fd_pwrite", (int fd, int parts, int count, long _, int written) =>
            WasiCalls.FdWrite(fd, parts, count, written)),
        HostFunction.Fixed("fd_fdstat_set_flags", "ii", WasiErrno.NotImplemented),
        HostFunction.Fixed("fd_filestat_get", "ii", WasiErrno.BadFile),
        HostFunction.Fixed("fd_pread", "iiiIi", WasiErrno.NotImplemented),
        HostFunction.Fixed("fd_prestat_get", "ii", WasiErrno.BadFile),
        HostFunction.Fixed("fd_prestat_dir_name", "iii", WasiErrno.NotImplemented),
        HostFunction.Fixed("fd_read", "iiii", WasiErrno.NotImplemented),
        HostFunction.Fixed("fd_readdir", "iiiIi", WasiErrno.NotDirectory),
        HostFunction.Fixed("fd_renumber", "ii", WasiErrno.NotSupported),
        HostFunction.Fixed("path_create_directory", "iii", WasiErrno.NotSupported),
        HostFunction.Fixed("path_filestat_get", "iiiii", WasiErrno.NotSupported),
        HostFunction.Fixed("path_filestat_set_times", "iiiiIIi", WasiErrno.NotSupported),
        HostFunction.Fixed("path_link", "iiiiii", WasiErrno.NotSupported),
        HostFunction.Fixed("path_open", "iiiiiIIii", WasiErrno.NoEntry),
        HostFunction.Fixed("path_readlink", "iiiiii", WasiErrno.NotSupported),
        HostFunction.Fixed("path_remove_directory", "iii", WasiErrno.NotSupported),
        HostFunction.Fixed("path_rename", "iiiiii", WasiErrno.NotSupported),
        HostFunction.Fixed("path_symlink", "iiii", WasiErrno.NotSupported),
        HostFunction.Fixed("path_unlink_file", "iii", WasiErrno.NotSupported),
        HostFunction.Fixed("sock_accept", "iii", WasiErrno.NotSupported),
        HostFunction.Fixed("sock_recv", "iiiiii", WasiErrno.NotSupported),
        HostFunction.Fixed("sock_send", "iiiii", WasiErrno.NotSupported),
        HostFunction.Fixed("sock_shutdown", "ii", WasiErrno.NotSupported),
    ];
}
