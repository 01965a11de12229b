using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Instrumentator;

/// <summary>The text of a route pattern as a label.</summary>
internal static class RouteTemplates
{
    public static string Of(RoutePattern pattern, HandlerTemplate kind) =>
        kind == HandlerTemplate.Raw && !string.IsNullOrEmpty(pattern.RawText) ? pattern.RawText : Names(pattern);

    /// <summary>The values that a route has by itself: the controller and the action of an MVC route, for two.</summary>
    public static ValueList<Label> ValuesOf(Endpoint endpoint) => endpoint is RouteEndpoint routed
        ? ValueList.From(routed.RoutePattern.RequiredValues.Where(value => value.Value is string).Select(value => new Label(value.Key, (string)value.Value!)))
        : [];

    /// <summary>Parameters by name alone. A slash at the end stays, as it was written.</summary>
    private static string Names(RoutePattern pattern)
    {
        var segments = string.Concat(pattern.PathSegments.Select(segment => "/" + string.Concat(segment.Parts.Select(part => Text(part, pattern)))));
        return segments.Length == 0 || pattern.RawText?.EndsWith('/') == true ? segments + "/" : segments;
    }

    private static string Text(RoutePatternPart part, RoutePattern pattern) => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart parameter => RequiredValue(parameter.Name, pattern) ?? Parameter(parameter),
        _ => "",
    };

    // A conventional MVC route is one endpoint an action, and there {controller} and {action} have one value each.
    private static string? RequiredValue(string name, RoutePattern pattern) =>
        pattern.RequiredValues.TryGetValue(name, out var value) && value is string { Length: > 0 } text ? text : null;

    // The stars stay: {**rest} spans slashes, and {rest} beside it is another route.
    private static string Parameter(RoutePatternParameterPart parameter)
    {
        var stars = parameter.IsCatchAll ? parameter.EncodeSlashes ? "*" : "**" : "";
        return $"{{{stars}{parameter.Name}}}";
    }
}
