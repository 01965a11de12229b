using System.Buffers;
using System.Text;

namespace Instrumentator.Attack;

/// <summary>A registry as a reader gets it, without a server.</summary>
internal static class RegistryText
{
    public static string ToText(this Registry registry)
    {
        var text = new ArrayBufferWriter<byte>();
        var written = ExpositionFormat.Prometheus.WriteAsync(registry, text, CancellationToken.None).AsTask();
        Assert.True(written.IsCompletedSuccessfully);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
