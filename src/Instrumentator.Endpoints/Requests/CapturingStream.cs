namespace Instrumentator;

/// <summary>A response's stream as it is, whose first bytes are kept.</summary>
internal sealed class CapturingStream(Stream inner, KeptBytes kept) : PassingStream(inner)
{
    protected override void OnWritten(ReadOnlySpan<byte> bytes) => kept.Add(bytes);

    // An error page begins anew where middleware outside keeps what is written.
    protected override void OnLength(long length) => kept.Truncate(length);
}
