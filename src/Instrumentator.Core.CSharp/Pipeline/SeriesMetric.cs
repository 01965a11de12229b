namespace Instrumentator;

/// <summary>What a built-in metric takes of a request.</summary>
internal enum Measured
{
    /// <summary>That it was there.</summary>
    One,
    RequestBytes,
    ResponseBytes,
    CombinedBytes,
    Seconds,
    SecondsToFirstByte,
}

/// <summary>A built-in metric as a value: what is measured, of which requests, and to which family's series it goes.</summary>
internal sealed record SeriesMetric(Family Family, LabelSelection Labels, Measured What, bool OnlySuccess = false)
{
    /// <summary>What it takes of a request.</summary>
    public double ValueOf(in Info info) => What switch
    {
        Measured.One => 1,
        Measured.Seconds or Measured.SecondsToFirstByte => SecondsOf(info, What),
        _ => BytesOf(info, What),
    };

    /// <summary>What a metric of sizes takes of a request.</summary>
    public static long BytesOf(in Info info, Measured what) => what switch
    {
        Measured.RequestBytes => info.RequestSize,
        Measured.ResponseBytes => info.ResponseSize,
        _ => info.CombinedSize,
    };

    /// <summary>What a metric of durations takes of a request.</summary>
    public static double SecondsOf(in Info info, Measured what) => what == Measured.SecondsToFirstByte ? info.DurationWithoutStreaming : info.Duration;

    /// <summary>Whether requests with certain labels have a series: long-lived ones are no latencies.</summary>
    public bool HasSeriesOf(in Info info) => !info.IsLongLived || What is not (Measured.Seconds or Measured.SecondsToFirstByte);

    /// <summary>Whether it takes anything of requests with certain labels: they tell whether a request succeeded.</summary>
    public bool Counts(in Info info) => !OnlySuccess || info.StatusCode is >= 200 and < 300;

    /// <summary>What a request's series is written to. By the text of its labels: to be asked once, and kept.</summary>
    public Cell FindSlow(in Info info) => Family.Find(Labels.Values(info.LabelsOrNone, info.Request));
}
