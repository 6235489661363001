namespace Weft.Proxy.Forwarding;

/// <summary>A request body that tells, once, that it has been read to its end.</summary>
internal sealed class EndNotifyingStream(Stream inner, Action ended) : RequestBody
{
    private bool _told;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        if (read == 0 && !buffer.IsEmpty && !_told)
        {
            _told = true;
            ended();
        }

        return read;
    }
}
