namespace Weft.Bpf.CoRe;

/// <summary>
/// An instruction could not be fitted to the kernel's types: several types of the kernel are meant and disagree, or the
/// relocation contradicts the object's own types or code. The message names the program, the instruction and the field.
/// That the kernel lacks a field is no such error: an instruction that needs it is replaced by one that the verifier refuses
/// where it can be reached.
/// </summary>
public sealed class CoReException : BpfException
{
    /// <inheritdoc cref="Exception(string)"/>
    public CoReException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
