namespace Weft.Bpf;

/// <content>The elements that attachments to USDT take for themselves.</content>
public sealed partial class BpfMap
{
    private UsdtSlots? _usdtSlots;

    internal UsdtSlots UsdtSlots => LazyInitializer.EnsureInitialized(ref _usdtSlots, () => new(Spec.MaxEntries));
}
