using System.Runtime.CompilerServices;

namespace Weft.Bpf.Kernel;

/// <summary>Memory that other processors write at the same time.</summary>
internal static unsafe class VolatileMemory
{
    public static T Read<T>(nint address)
        where T : unmanaged
    {
        if (IsWhole<T>(address))
        {
            switch (sizeof(T))
            {
                case 1: return As<byte, T>(Volatile.Read(ref *(byte*)address));
                case 2: return As<ushort, T>(Volatile.Read(ref *(ushort*)address));
                case 4: return As<uint, T>(Volatile.Read(ref *(uint*)address));
                case 8: return As<ulong, T>(Volatile.Read(ref *(ulong*)address));
            }
        }

        var value = Unsafe.ReadUnaligned<T>((void*)address);
        Interlocked.MemoryBarrier();
        return value;
    }

    public static void Write<T>(nint address, T value)
        where T : unmanaged
    {
        if (IsWhole<T>(address))
        {
            switch (sizeof(T))
            {
                case 1: Volatile.Write(ref *(byte*)address, As<T, byte>(value)); return;
                case 2: Volatile.Write(ref *(ushort*)address, As<T, ushort>(value)); return;
                case 4: Volatile.Write(ref *(uint*)address, As<T, uint>(value)); return;
                case 8: Volatile.Write(ref *(ulong*)address, As<T, ulong>(value)); return;
            }
        }

        Interlocked.MemoryBarrier();
        Unsafe.WriteUnaligned((void*)address, value);
    }

    private static bool IsWhole<T>(nint address)
        where T : unmanaged => (address & (sizeof(T) - 1)) == 0;

    private static TTo As<TFrom, TTo>(TFrom value)
        where TFrom : unmanaged
        where TTo : unmanaged => Unsafe.As<TFrom, TTo>(ref value);
}

/// <summary>Mapped memory while somebody reads or writes it: it is not given back meanwhile.</summary>
internal readonly ref struct MemoryUse
{
    private readonly MemoryMapping _mapping;

    /// <exception cref="ObjectDisposedException">It is given back.</exception>
    public MemoryUse(MemoryMapping mapping)
    {
        var taken = false;
        mapping.DangerousAddRef(ref taken);
        _mapping = mapping;
    }

    public nint Address => _mapping.DangerousGetHandle();

    public void Dispose() => _mapping.DangerousRelease();
}
