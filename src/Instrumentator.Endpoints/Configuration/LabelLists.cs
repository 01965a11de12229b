using static Instrumentator.ConfigurationValues;

namespace Instrumentator;

/// <summary>The kinds of values that are lists of labels.</summary>
internal static class LabelLists
{
    private static readonly RequestLabelValue _requestLabel = new();

    public static ConfigurationValue<ValueList<RequestLabel>> RequestLabels { get; } =
        new ListValue<RequestLabel>(_requestLabel);

    public static ConfigurationValue<ValueList<RequestLabel>> OptionalRequestLabels { get; } =
        new ListValue<RequestLabel>(_requestLabel, isNullable: true);

    public static ConfigurationValue<ValueList<Label>> Labels { get; } =
        new ListValue<Label>(new ConfigurationKeys<Label>(nameof(Label.Name), nameof(Label.Value))
        {
            { nameof(Label.Name), Text, it => it.Name, (it, value) => it with { Name = value } },
            { nameof(Label.Value), Text, it => it.Value, (it, value) => it with { Value = value } },
        });
}
