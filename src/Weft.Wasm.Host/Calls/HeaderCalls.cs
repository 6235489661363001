namespace Weft.Wasm.Host;

/// <summary>Headers, trailers and metadata.</summary>
internal static class HeaderCalls
{
    private delegate bool Change(HeaderMap map, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value);

    public static int GetValue(int map, int name, int nameSize, int value, int valueSize)
    {
        var vm = PluginVm.Calling();
        if (!IsMap(map))
        {
            return (int)AbiStatus.BadArgument;
        }

        if (!vm.Memory.TryRead(name, nameSize, out var key))
        {
            return (int)AbiStatus.InvalidMemoryAccess;
        }

        ReadOnlySpan<byte> found = default;
        var headers = vm.Context.MapToRead((MapKind)map, out var whyNot);
        if (headers is null && whyNot == AbiStatus.BadArgument)
        {
            return (int)AbiStatus.BadArgument;
        }

        // Version 0.1.0 knows no difference between an empty header and none.
        return headers?.TryGet(key, out found) == true || vm.Module.Abi == AbiVersion.V010
            ? vm.Give(found, value, valueSize)
            : (int)AbiStatus.NotFound;
    }

    public static int AddValue(int map, int name, int nameSize, int value, int valueSize) =>
        ChangeValue(map, name, nameSize, value, valueSize, static (headers, n, v) => headers.Add(n, v));

    public static int ReplaceValue(int map, int name, int nameSize, int value, int valueSize) =>
        ChangeValue(map, name, nameSize, value, valueSize, static (headers, n, v) => headers.Replace(n, v));

    public static int RemoveValue(int map, int name, int nameSize) =>
        ChangeValue(map, name, nameSize, 0, 0, static (headers, n, _) => headers.Remove(n) >= 0);

    public static int GetPairs(int map, int pairs, int pairsSize)
    {
        var vm = PluginVm.Calling();
        if (!IsMap(map))
        {
            return (int)AbiStatus.BadArgument;
        }

        if (vm.Context.MapToRead((MapKind)map, out _) is not { Count: > 0 } headers)
        {
            return vm.Give(default, pairs, pairsSize);
        }

        var size = PairsWriter.SizeOf(headers);
        if (!vm.TryAllocate(size, out var address, out var target))
        {
            return (int)AbiStatus.InvalidMemoryAccess;
        }

        PairsWriter.Write(headers, target);
        return vm.GiveWords(pairs, (uint)address, pairsSize, (uint)size);
    }

    public static int SetPairs(int map, int pairs, int pairsSize)
    {
        var vm = PluginVm.Calling();
        if (!IsMap(map))
        {
            return (int)AbiStatus.BadArgument;
        }

        if (!vm.Memory.TryRead(pairs, pairsSize, out var bytes))
        {
            return (int)AbiStatus.InvalidMemoryAccess;
        }

        if (vm.Context.MapToWrite((MapKind)map) is not { } headers)
        {
            return (int)AbiStatus.BadArgument;
        }

        headers.Clear();
        Add(headers, new PairsReader(bytes));
        vm.Context.MapChanged((MapKind)map);
        return (int)AbiStatus.Ok;
    }

    public static int GetSize(int map, int size)
    {
        var vm = PluginVm.Calling();
        return IsMap(map) && vm.Context.MapToWrite((MapKind)map) is { } headers
            ? vm.Give(size, (uint)headers.ByteSize)
            : (int)AbiStatus.BadArgument;
    }

    /// <summary>Adds pairs that a plugin wrote.</summary>
    public static HeaderMap Add(HeaderMap headers, PairsReader pairs)
    {
        while (pairs.MoveNext())
        {
            headers.Add(pairs.Name, pairs.Value);
        }

        return headers;
    }

    private static bool IsMap(int map) => (uint)map <= (uint)MapKind.CallResponseTrailers;

    private static int ChangeValue(int map, int name, int nameSize, int value, int valueSize, Change change)
    {
        var vm = PluginVm.Calling();
        if (!IsMap(map))
        {
            return (int)AbiStatus.BadArgument;
        }

        if (!vm.Memory.TryRead(name, nameSize, out var key) || !vm.Memory.TryRead(value, valueSize, out var text))
        {
            return (int)AbiStatus.InvalidMemoryAccess;
        }

        if (vm.Context.MapToWrite((MapKind)map) is not { } headers)
        {
            return (int)AbiStatus.BadArgument;
        }

        if (!change(headers, key, text))
        {
            return (int)AbiStatus.InternalFailure;
        }

        vm.Context.MapChanged((MapKind)map);
        return (int)AbiStatus.Ok;
    }
}
