using System.Text;

namespace Instrumentator;

/// <summary>The name of samples, as a line begins with it.</summary>
internal sealed class SampleName(string name)
{
    /// <summary>With labels behind it: <c>name{</c>.</summary>
    public byte[] BeforeLabels { get; } = Encoding.UTF8.GetBytes(name + "{");

    /// <summary>Without labels: <c>name </c>.</summary>
    public byte[] Alone { get; } = Encoding.UTF8.GetBytes(name + " ");
}
