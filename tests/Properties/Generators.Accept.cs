namespace Instrumentator.Properties;

/// <summary>Headers in which readers state the formats that they accept.</summary>
internal static partial class Generators
{
    /// <summary>Accept headers that mix formats, wildcards, versions and weights; some are malformed.</summary>
    public static Gen<string> AcceptHeaders =>
        from items in AcceptItems.ListOf()
        from separator in Gen.Elements(",", ", ", " ,\t")
        select string.Join(separator, items.Take(40));

    private static Gen<string> AcceptItems =>
        from type in Gen.Elements(
            "text/plain",
            "application/openmetrics-text",
            "*/*",
            "text/*",
            "application/*",
            "TEXT/Plain",
            "application/OpenMetrics-text",
            "application/vnd.google.protobuf",
            "image/png",
            "text/",
            "/*",
            "*",
            "",
            "\"")
        from parameters in AcceptParameters.ListOf()
        select type + string.Concat(parameters.Take(4));

    private static Gen<string> AcceptParameters =>
        from start in Gen.Elements(";", "; ", " ;", ";;")
        from parameter in Gen.Frequency(
            (
                3,
                Gen.Elements(
                    "version=1.0.0",
                    "version=0.0.4",
                    "version=0.0.1",
                    "Version=\"1.0.0\"",
                    "version=",
                    "version",
                    "versions=0.0.4")),
            (
                4,
                Gen.Elements(
                    "q=1",
                    "q=0",
                    "q=0.5",
                    "Q=0.5",
                    "q=.5",
                    "q=0.500",
                    "q=1.0",
                    "q=0.1",
                    "q=",
                    "q",
                    "q=2",
                    "q=-1",
                    "q=x",
                    "q=0.5x",
                    "q=1e0",
                    "q=\"0.5\"",
                    "q =0",
                    "qq=0")),
            (
                2,
                Gen.Elements(
                    "escaping=allow-utf-8",
                    "Escaping=dots",
                    "escaping=\"values\"",
                    "escaping=underscores",
                    "escaping=dot",
                    "escaping=",
                    "escaping=Dots")),
            (
                2,
                Gen.Elements(
                    "proto=io.prometheus.client.MetricFamily",
                    "proto=x",
                    "encoding=delimited",
                    "encoding=text",
                    "encoding=compact-text",
                    "proto=",
                    "encoding=\"delimited\"")),
            (1, Gen.Elements("charset=utf-8", "a=\",text/plain,\"", "a=\"\\\",*/*;q=1\"", "a=\"", "a=\\", "=", "")))
        select start + parameter;
}
