using Weft.Bpf.Assembly;
using Weft.Bpf.Kernel;

namespace Weft.Bpf.Libbpf;

/// <summary>One attempt to load an object: libbpf opens the file, is told what differs from it, and asks the kernel.</summary>
/// <param name="refused">Programs that were refused before, and are left out.</param>
/// <param name="logSize">Bytes for what the verifier writes of a program.</param>
internal sealed unsafe class LibbpfAttempt(ObjectSpec spec, LoadSettings settings, IReadOnlyList<ProgramResult> refused, int logSize)
    : IDisposable
{
    private readonly LibbpfMessages _messages = new();
    private readonly LibbpfLogs _logs = new(logSize);
    private readonly List<ProgramSpec> _wanted =
        [.. spec.Programs.Values.Where(p => settings.Only is { } only ? p == only : p.Loads).Except(refused.Select(r => r.Program))];

    private KernelTypesFile? _types;
    private LibbpfObject? _object;
    private bool _isTaken;

    /// <summary>Loads it.</summary>
    /// <returns>Why not, and the program that was refused where it is known; null where it is loaded.</returns>
    /// <exception cref="BpfException">It could not be asked for, or is damaged.</exception>
    public (BpfException Error, ProgramResult? Result)? Run()
    {
        _types = KernelTypesFile.Of(settings);
        _object = LibbpfObject.Open(spec, settings.PinFolder, _types?.Path, _messages);
        new LibbpfChanges(_object, spec, settings, _messages).Apply(_wanted);
        foreach (var program in _wanted)
        {
            var handle = _object.Programs[program.Name];
            _ = LibbpfCalls.ProgramLogLevel(handle, (uint)settings.LogLevel);
            _ = LibbpfCalls.ProgramLog(handle, _logs.Add(program.Name), (nuint)_logs.Size);
        }

        var result = LibbpfCalls.ObjectLoad(_object);
        return result < 0 ? Refusal(-result) : null;
    }

    /// <summary>What is loaded, as descriptors of our own. What libbpf has goes with it.</summary>
    public BpfObject Take()
    {
        var loaded = new LibbpfResult(_object!, spec, settings).Make([.. refused.Concat(_wanted.Select(p => Result(p, null)))]);
        _isTaken = true;
        return loaded;
    }

    public void Dispose()
    {
        _messages.Dispose();
        _logs.Dispose();
        _types?.Dispose();
        if (!_isTaken)
        {
            _object?.Dispose();
        }
    }

    private (BpfException Error, ProgramResult? Result) Refusal(int error)
    {
        var hint = LibbpfErrors.Hint(error, _messages);
        var program = _wanted.Find(p => p.Name == (_messages.Program ?? Logged()));
        if (program is null)
        {
            hint ??= error == Errno.Permission ? Privileges.WhyRefused(settings.Kernel) : null;
            return (new KernelException(error, $"libbpf: load {spec.Name}", hint), null);
        }

        var log = _logs.Lines(program.Name);
        var why = error == Errno.Permission && log.IsEmpty ? Privileges.WhyRefused(settings.Kernel) : VerifierException.Told(log);
        var refusal = new VerifierException(error, program.Name, log, why is null || hint is null ? why ?? hint : $"{why} | {hint}");
        return (refusal, Result(program, refusal));
    }

    // Other users of libbpf in this process may have turned its messages off: where accepted programs have no log, the one that
    // has is refused.
    private string? Logged() => settings.LogLevel == 0 ? _object!.Programs.Keys.FirstOrDefault(name => !_logs.Lines(name).IsEmpty) : null;

    private ProgramResult Result(ProgramSpec program, BpfException? error)
    {
        var handle = _object!.Programs[program.Name];
        var code = new ReadOnlySpan<Instruction>(LibbpfCalls.ProgramCode(handle), (int)LibbpfCalls.ProgramLength(handle));
        return new(program, error is null, error, code.Length) { Code = code.ToArray() };
    }
}
