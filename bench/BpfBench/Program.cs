using Weft.BpfBench;

var options = Options.Of(args);
switch (options.Bench)
{
    case "ringbench":
        RingBench.Run(options);
        return 0;
    case "mapbench":
        MapBench.Run(options);
        return 0;
    case "btfbench":
        BtfBench.Run(options);
        return 0;
    case BtfBench.RoundName:
        BtfBench.RunRound();
        return 0;
    case "loadbench":
        LoadBench.Run(options);
        return 0;
    default:
        Console.Error.WriteLine("BpfBench ringbench|mapbench|btfbench|loadbench FILE.o [-size N] [-records N] [-rounds N] [-ring MIB] [-ops N] [-backend managed|libbpf] [-json]");
        return 2;
}
