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
    /// <summary>What a request's series is written to. By the text of its labels: to be asked once, and kept.</summary>
    public Cell FindSlow(in Info info)
    {
        var labels = info.LabelsOrNone;
        var series = Family.Find(Labels.Values(labels));
        return labels.Thread == 0 ? series : series.StripeOf(labels.Thread);
    }
}
