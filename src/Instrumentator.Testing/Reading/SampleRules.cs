namespace Instrumentator.Testing;

/// <summary>The OpenMetrics rules for a single line, according to the type of its family.</summary>
internal static class SampleRules
{
    public static void Check(ReadFamily family, ReadSample sample)
    {
        var suffix = sample.Name[family.Name.Length..];
        if (sample.Sample.Exemplar is not null && suffix is not ("_total" or "_bucket"))
            throw sample.Line.Error("Only a total or a bucket may have an exemplar");
        CheckNumber(suffix, sample);
        CheckLabels(family, suffix, sample);
        if (family.Type == "info" && sample.Value != 1)
            throw sample.Line.Error("An info must be 1");
        if (family.Type == "stateset" && sample.Value is not (0 or 1))
            throw sample.Line.Error("A state must be 0 or 1");
    }

    private static void CheckNumber(string suffix, ReadSample sample)
    {
        if (suffix is "_total" or "_sum" && !(sample.Value >= 0))
            throw sample.Line.Error("A total or a sum must be 0 or more");
        if (suffix is "_count" or "_gcount" or "_bucket" && !(sample.Value >= 0 && double.IsInteger(sample.Value)))
            throw sample.Line.Error("A count must be a whole number, 0 or more");
        if (suffix == "_gsum" && double.IsNaN(sample.Value))
            throw sample.Line.Error("A sum must be a number");
    }

    private static void CheckLabels(ReadFamily family, string suffix, ReadSample sample)
    {
        if (family.OwnLabel is not { } own)
            return;
        var isOwn = suffix is "" or "_bucket";
        if (isOwn != sample.Sample.ValueOf(own) is not null)
        {
            throw sample.Line.Error(
                $"The label {own} must be on "
                + $"{(family.Type == "summary" ? "quantiles" : family.Type == "stateset" ? "states" : "buckets")}"
                + " and on no other sample");
        }
        if (family.Type == "summary" && isOwn)
            CheckQuantile(sample);
    }

    private static void CheckQuantile(ReadSample sample)
    {
        if (NumberText.OfLabel(sample.Sample.ValueOf("quantile")) is not (>= 0 and <= 1))
            throw sample.Line.Error("A quantile must be from 0 to 1");
        if (sample.Value < 0)
            throw sample.Line.Error("The value of a quantile must not be negative");
    }
}
