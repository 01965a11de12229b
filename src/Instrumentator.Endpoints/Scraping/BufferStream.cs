using System.Buffers;

namespace Instrumentator;

/// <summary>A buffer for those who write to streams only.</summary>
internal sealed class BufferStream(IBufferWriter<byte> output) : WriteOnlyStream
{
    public override void Write(ReadOnlySpan<byte> buffer) => output.Write(buffer);

    public override void Flush() { }
}
