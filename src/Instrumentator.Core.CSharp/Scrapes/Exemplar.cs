namespace Instrumentator;

/// <summary>One observation that stands for others, with labels that lead to it: those of a trace, for one.</summary>
/// <param name="Labels">Its own labels, beside those of the series.</param>
/// <param name="Value">What was observed.</param>
/// <param name="Timestamp">When, in seconds since 1970 (UTC); null when nobody noted it.</param>
public sealed record Exemplar(ValueList<Label> Labels, double Value, double? Timestamp);
