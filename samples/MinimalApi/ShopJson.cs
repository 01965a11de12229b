using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace MinimalApi;

/// <summary>What the shop sends and takes as JSON, known when it is built: so it can be published trimmed.</summary>
[JsonSerializable(typeof(IReadOnlyList<Product>))]
[JsonSerializable(typeof(Dictionary<string, int>))]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(ProblemDetails))]
internal sealed partial class ShopJson : JsonSerializerContext;
