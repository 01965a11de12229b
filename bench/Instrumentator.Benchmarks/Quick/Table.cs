using System.Globalization;
using System.Text;

namespace Instrumentator.Benchmarks;

/// <summary>Formats rows as a table.</summary>
internal static class Table
{
    public static string Of(IReadOnlyList<Row> rows)
    {
        var text = new StringBuilder();
        var width = rows.Select(row => row.Name.Length).Append("name".Length).Max();
        text.AppendLine(
            $"{"name".PadRight(width)}{"threads",8}{"ns",14}{"ratio",9}{"bytes",12}   half of the rounds, ns");
        foreach (var row in rows)
        {
            text.AppendLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{row.Name.PadRight(width)}{row.Threads,8}{row.Ns,14:N1}{row.Ratio,9:N2}{row.Bytes,12:N1}   "
                        + $"{row.LowerNs:N1} - {row.UpperNs:N1}"));
        }

        return text.ToString();
    }
}
