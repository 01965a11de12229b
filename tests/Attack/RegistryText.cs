using System.Buffers;
using System.Text;

namespace Instrumentator.Attack;

/// <summary>A registry as a reader gets it, without a server.</summary>
internal static class RegistryText
{
    public static string ToText(this Registry registry)
    {
        var text = new ArrayBufferWriter<byte>();
        var isWritten = ExpositionFormat.Prometheus.WriteAsync(registry, text, CancellationToken.None).IsCompletedSuccessfully;
        Assert.True(isWritten);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
