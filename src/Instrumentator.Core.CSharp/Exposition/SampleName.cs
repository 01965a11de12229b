using System.Text;

namespace Instrumentator;

/// <summary>A sample name as it is written at the start of a line. A name with characters other than letters, digits,
/// <c>_</c> and <c>:</c> is quoted and inside the braces.</summary>
/// <remarks>See https://prometheus.io/docs/instrumenting/exposition_formats/ and
/// https://prometheus.io/docs/guides/utf8/.</remarks>
internal sealed class SampleName(string name)
{
    /// <summary>Gets the name before labels: <c>name{</c>, <c>{"my.name",</c>.</summary>
    public byte[] BeforeLabels { get; } =
        Encoding.UTF8.GetBytes(Names.IsMetric(name) ? name + "{" : "{" + Quoted(name) + ",");

    /// <summary>Gets the name without labels: <c>name </c>, <c>{"my.name"} </c>.</summary>
    public byte[] Alone { get; } =
        Encoding.UTF8.GetBytes(Names.IsMetric(name) ? name + " " : "{" + Quoted(name) + "} ");

    /// <summary>Returns the name of a family as it is written in metadata lines.</summary>
    public static string OfFamily(string name) => Names.IsMetric(name) ? name : Quoted(name);

    /// <summary>Returns the name of a label as it is written.</summary>
    public static string OfLabel(string name) => Names.IsLabel(name) ? name : Quoted(name);

    private static string Quoted(string name) => $"\"{Escaping.LabelValue(name)}\"";
}
