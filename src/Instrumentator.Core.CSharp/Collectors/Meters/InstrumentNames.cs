using System.Text;

namespace Instrumentator;

/// <summary>The names of instruments, units and tags in Prometheus.</summary>
/// <remarks>The rules are those of https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/.
/// Where they leave a choice, names are those of OpenTelemetry's own exporter for .NET.</remarks>
internal static class InstrumentNames
{
    /// <summary>Returns the name of a metric: that of its instrument with the unit and, for counters, <c>_total</c> at
    /// the end.</summary>
    public static string OfMetric(string name, string? unit, bool isCounter)
    {
        var isTotal = isCounter && name.EndsWith(Names.TotalSuffix, StringComparison.Ordinal);
        var metric = Plain(isTotal ? name[..^Names.TotalSuffix.Length] : name, colons: true);
        if (metric.Length > 0 && char.IsAsciiDigit(metric[0]))
            metric = Plain("_" + metric[1..], colons: true);
        var suffix = OfUnit(unit ?? "");
        if (!metric.EndsWith(suffix, StringComparison.Ordinal))
            metric += "_" + suffix;
        return isCounter ? Names.OfCounter(metric) : metric;
    }

    /// <summary>Returns the name of a label. It never starts with <c>__</c>.</summary>
    public static string OfLabel(string key)
    {
        var name = Plain(key.Length > 0 ? key : "_", colons: false);
        return char.IsAsciiDigit(name[0]) ? "_" + name : name;
    }

    /// <summary>Returns the suffix of a unit in UCUM, such as <c>seconds</c> for <c>s</c>; empty if there is
    /// none.</summary>
    public static string OfUnit(string unit)
    {
        var plain = WithoutAnnotations(unit);
        var suffix = plain.IndexOf('/', StringComparison.Ordinal) is var at and >= 0 && at < plain.Length - 1
            ? $"{Word(plain[..at])}_per_{WordAfterPer(plain[(at + 1)..])}"
            : Word(plain);
        return Plain(suffix, colons: true).Trim('_');
    }

    // Each run of other characters becomes one underscore.
    private static string Plain(string name, bool colons)
    {
        var plain = new StringBuilder(name.Length + 1);
        foreach (var character in name)
        {
            if (char.IsAsciiLetterOrDigit(character) || colons && character == ':')
                plain.Append(character);
            else if (plain.Length == 0 || plain[^1] != '_')
                plain.Append('_');
        }
        return plain.ToString();
    }

    // As in {request}: text for people, which is not part of the unit.
    private static string WithoutAnnotations(string unit)
    {
        while (unit.IndexOf('{', StringComparison.Ordinal) is var begin and >= 0
            && unit.IndexOf('}', begin) is var end and >= 0)
        {
            unit = unit.Remove(begin, end - begin + 1);
        }
        return unit;
    }

    private static string Word(string unit) => unit switch
    {
        "d" => "days",
        "h" => "hours",
        "min" => "minutes",
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "By" or "B" => "bytes",
        "KiBy" => "kibibytes",
        "MiBy" => "mebibytes",
        "GiBy" => "gibibytes",
        "TiBy" => "tibibytes",
        "KBy" or "KB" => "kilobytes",
        "MBy" or "MB" => "megabytes",
        "GBy" or "GB" => "gigabytes",
        "TBy" or "TB" => "terabytes",
        "m" => "meters",
        "V" => "volts",
        "A" => "amperes",
        "J" => "joules",
        "W" => "watts",
        "g" => "grams",
        "Cel" => "celsius",
        "Hz" => "hertz",
        "1" => "",
        "%" => "percent",
        "$" => "dollars",
        _ => unit,
    };

    private static string WordAfterPer(string unit) => unit switch
    {
        "s" => "second",
        "m" => "minute",
        "h" => "hour",
        "d" => "day",
        "w" => "week",
        "mo" => "month",
        "y" => "year",
        _ => unit,
    };
}
