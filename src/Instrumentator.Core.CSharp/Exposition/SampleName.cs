using System.Text;

namespace Instrumentator;

/// <summary>The name of samples, as a line begins with it. One that is not of letters, digits, <c>_</c> and <c>:</c> alone stands between quotes and inside of the braces.</summary>
/// <remarks>See https://prometheus.io/docs/instrumenting/exposition_formats/ and https://prometheus.io/docs/guides/utf8/.</remarks>
internal sealed class SampleName(string name)
{
    /// <summary>With labels behind it: <c>name{</c>, <c>{"my.name",</c>.</summary>
    public byte[] BeforeLabels { get; } = Encoding.UTF8.GetBytes(Names.IsMetric(name) ? name + "{" : "{" + Quoted(name) + ",");

    /// <summary>Without labels: <c>name </c>, <c>{"my.name"} </c>.</summary>
    public byte[] Alone { get; } = Encoding.UTF8.GetBytes(Names.IsMetric(name) ? name + " " : "{" + Quoted(name) + "} ");

    /// <summary>A family's name as it stands in lines of metadata.</summary>
    public static string OfFamily(string name) => Names.IsMetric(name) ? name : Quoted(name);

    /// <summary>A label's name.</summary>
    public static string OfLabel(string name) => Names.IsLabel(name) ? name : Quoted(name);

    private static string Quoted(string name) => $"\"{Escaping.LabelValue(name)}\"";
}
