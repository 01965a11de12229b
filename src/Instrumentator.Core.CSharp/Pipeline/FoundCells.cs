namespace Instrumentator;

/// <summary>The cells that built-in metrics write a request with certain labels to.</summary>
internal abstract class FoundCells(FoundCell[] found)
{
    /// <summary>Records a request.</summary>
    public abstract void Record(in Info info);

    /// <summary>Keeps the request as an exemplar where one is due. Allocates only where it is.</summary>
    public void KeepExemplars(in Info info, RequestExemplars exemplars)
    {
        var now = exemplars.Now();
        ValueList<Label>? labels = null;
        foreach (var (metric, cell) in found)
        {
            if (!cell.IsExemplarDue(metric.ValueOf(info), now - exemplars.Interval))
                continue;
            labels ??= exemplars.LabelsOf(info);
            if (labels.Count > 0)
                cell.KeepExemplar(new Exemplar(labels, metric.ValueOf(info), now));
        }
    }

    /// <summary>Takes the first cell of a kind that measures this out of others; null where there is none.</summary>
    protected static TCell? Take<TCell>(Measured what, List<FoundCell> others)
        where TCell : Cell
    {
        if (others.FindIndex(one => one.Metric.What == what && one.Cell is TCell) is var place && place < 0)
            return null;
        var cell = (TCell)others[place].Cell;
        others.RemoveAt(place);
        return cell;
    }
}
