using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;

namespace FaceSearch.Api.Faces;

/// <summary>The picture's id and the caller's API key.</summary>
public sealed class FaceInfoForm
{
    /// <summary>The picture's id, as adding and searching answer it.</summary>
    [FromForm(Name = "image_id")]
    [Required(ErrorMessage = "image_id is the id of an enrolled picture.")]
    public string ImageId { get; init; } = string.Empty;

    /// <summary>A key with the scope 'read'; not needed when it comes in a header.</summary>
    [FromForm(Name = "api_key")]
    public string? ApiKey { get; init; }
}
