namespace Instrumentator;

/// <summary>The value that a built-in metric takes from a request.</summary>
internal enum Measured
{
    /// <summary>1 per request.</summary>
    One,
    RequestBytes,
    ResponseBytes,
    CombinedBytes,
    Seconds,
    SecondsToFirstByte,
}

/// <summary>A built-in metric as a value: what it measures, of which requests, and the family it writes to.</summary>
internal sealed record SeriesMetric(Family Family, LabelSelection Labels, Measured What, bool OnlySuccess = false)
{
    /// <summary>Returns the value of a request.</summary>
    public double ValueOf(in Info info) => What switch
    {
        Measured.One => 1,
        Measured.Seconds or Measured.SecondsToFirstByte => SecondsOf(info, What),
        _ => BytesOf(info, What),
    };

    /// <summary>Returns the value for a size metric, in bytes.</summary>
    public static long BytesOf(in Info info, Measured what) => what switch
    {
        Measured.RequestBytes => info.RequestSize,
        Measured.ResponseBytes => info.ResponseSize,
        _ => info.CombinedSize,
    };

    /// <summary>Returns the value for a duration metric, in seconds.</summary>
    public static double SecondsOf(in Info info, Measured what) =>
        what == Measured.SecondsToFirstByte ? info.DurationWithoutStreaming : info.Duration;

    /// <summary>Returns whether requests with these labels have a series: long-lived ones have no latency.</summary>
    public bool HasSeriesOf(in Info info) =>
        !info.IsLongLived || What is not (Measured.Seconds or Measured.SecondsToFirstByte);

    /// <summary>Returns whether requests with these labels are recorded: the labels determine success.</summary>
    public bool Counts(in Info info) => !OnlySuccess || info.StatusCode is >= 200 and < 300;

    /// <summary>Finds the cell of a request's series by its label texts. Call it once, and keep the result.</summary>
    public Cell FindSlow(in Info info) => Family.Find(Labels.Values(info.LabelsOrNone, info.LabelSource));
}
