using SkiaSharp;
using static FaceSearch.TestSupport.Drawn.Brushes;

namespace FaceSearch.TestSupport.Drawn;

/// <summary>Paints the skin, the eyes, the nose and the mouth.</summary>
internal sealed class FeaturePainter(SKCanvas canvas, FaceGeometry at, FaceTraits traits)
{
    public void PaintFeatures()
    {
        foreach (var side in new[] { -1, 1 })
        {
            PaintEye(side);
            PaintBrow(side);
        }

        PaintNose();
        PaintMouth();
        PaintMole();
    }

    /// <summary>Soft shadows: eye sockets, the nose, under the lip, folds, blush.</summary>
    public void PaintSkin()
    {
        using var head = at.Head();
        canvas.Save();
        canvas.ClipPath(head, antialias: true);
        var shadow = Darker(traits.Skin, 0.5f);
        foreach (var side in new[] { -1, 1 })
        {
            var eye = side * traits.EyeDistance;
            Soft(shadow, traits.EyeShadow, eye, traits.EyeY - 0.03f, traits.EyeWidth * 1.35f, traits.EyeWidth * 0.62f);
            Soft(shadow, traits.EyeBags * 0.6f, eye, traits.EyeY + 0.14f, traits.EyeWidth, 0.035f);
            Soft(new SKColor(200, 70, 70), traits.Blush * 0.45f, side * 0.6f, 0.28f, 0.26f, 0.13f);
            Line(shadow, traits.Folds * 0.7f, 0.03f, side * traits.NoseWidth * 1.25f, at.NoseY, side * traits.MouthWidth * 1.2f, at.MouthY);
        }

        Soft(shadow, traits.NoseShade, 0, at.NoseY, traits.NoseWidth * 1.15f, 0.055f);
        Line(shadow, traits.NoseShade * 0.8f, 0.05f, traits.NoseBridge, traits.EyeY, traits.NoseWidth * 0.8f, at.NoseY - 0.03f);
        Line(shadow, traits.NoseShade * 0.35f, 0.04f, -traits.NoseBridge, traits.EyeY, -traits.NoseWidth * 0.8f, at.NoseY - 0.03f);
        Soft(Lighter(traits.Skin, 1.2f), 0.45f, -0.02f, at.NoseY - 0.1f, traits.NoseBridge, 0.14f);
        Soft(shadow, 0.4f, 0, at.MouthY + traits.LowerLip + 0.09f, traits.MouthWidth * 0.7f, 0.035f);
        for (var line = 0; line < 3; line++)
            Line(shadow, traits.ForeheadLines * 0.6f, 0.012f, -0.4f, -0.5f + (line * 0.07f), 0.4f, -0.5f + (line * 0.07f));

        canvas.Restore();
    }

    private void PaintEye(int side)
    {
        canvas.Save();
        canvas.Translate(at.Point(side * traits.EyeDistance, traits.EyeY));
        canvas.RotateDegrees(-side * traits.EyeTilt);
        var width = traits.EyeWidth * at.HalfWidth;
        var height = width * traits.EyeOpening;
        using var outline = Almond(width, height);
        canvas.Save();
        canvas.ClipPath(outline, antialias: true);
        Oval(new SKColor(238, 234, 230), 0, 0, width, height);
        var iris = Math.Min(height * 1.05f, width * 0.55f);
        var look = at.Pose * width * 0.1f;
        Oval(traits.Iris, look, -height * 0.08f, iris, iris);
        Oval(new SKColor(12, 10, 10), look, -height * 0.08f, iris * 0.45f, iris * 0.45f);
        Oval(SKColors.White, look + (iris * 0.3f), -height * 0.4f, iris * 0.18f, iris * 0.18f);
        canvas.Restore();

        using var lid = Stroke(new SKColor(40, 26, 22), at.Size * 0.004f * traits.LidLine);
        using var upper = Curve(new(-width * 1.05f, 0), new(0, -height * 2.1f), new(width * 1.05f, 0));
        canvas.DrawPath(upper, lid);
        using var crease = Stroke(Darker(traits.Skin, 0.55f).WithAlpha(150), at.Size * 0.005f);
        using var fold = Curve(new(-width, -height * 0.5f), new(0, -height * 2.9f), new(width, -height * 0.5f));
        canvas.DrawPath(fold, crease);
        canvas.Restore();
    }

    private void PaintBrow(int side)
    {
        canvas.Save();
        canvas.Translate(at.Point(side * traits.EyeDistance, traits.EyeY - traits.BrowGap - (traits.EyeOpening * 0.1f)));
        canvas.RotateDegrees(-side * traits.BrowTilt);
        var width = traits.EyeWidth * traits.BrowLength * at.HalfWidth;
        var arch = traits.BrowArch * at.HalfHeight;
        var thick = traits.BrowThickness * at.HalfHeight;
        using var brow = Shape(
            new(-side * width, thick * 0.6f), new(-side * width, -thick * 0.5f), new(0, -arch - (thick * 0.5f)),
            new(side * width, arch * 0.3f), new(0, -arch + (thick * 0.7f)));
        using var paint = Fill(Darker(traits.HairColor, 0.75f));
        using var blur = SKMaskFilter.CreateBlur(SKBlurStyle.Normal, at.Size * 0.002f);
        paint.MaskFilter = blur;
        canvas.DrawPath(brow, paint);
        canvas.Restore();
    }

    /// <summary>The wings beside the tip, the nostrils, and the edge between nose and lip.</summary>
    private void PaintNose()
    {
        var wing = Darker(traits.Skin, 0.55f);
        foreach (var side in new[] { -1, 1 })
        {
            using var edge = Stroke(wing.WithAlpha(170), at.Size * 0.006f);
            using var curve = Curve(
                at.Point(side * traits.NoseWidth * 0.8f, at.NoseY - 0.11f, 1.5f), at.Point(side * traits.NoseWidth * 1.35f, at.NoseY + 0.03f, 1.5f),
                at.Point(side * traits.NoseWidth * 0.45f, at.NoseY + 0.04f, 1.5f));
            canvas.DrawPath(curve, edge);
        }

        using var dark = Fill(Darker(traits.Skin, 0.3f).WithAlpha(210));
        foreach (var side in new[] { -1, 1 })
            canvas.DrawOval(at.X(side * traits.NoseWidth * 0.55f, 1.5f), at.Y(at.NoseY + 0.02f), at.HalfWidth * traits.NoseWidth * 0.28f, at.HalfHeight * 0.022f, dark);
    }

    private void PaintMouth()
    {
        var (width, corner) = (traits.MouthWidth, at.MouthY - traits.Smile);
        var lips = Mix(Darker(traits.Skin, 0.68f), new SKColor(176, 52, 62), 0.15f + (traits.LipRed * 0.6f));
        using var upper = Shape(
            at.Point(-width, corner), at.Point(-width * 0.4f, at.MouthY - traits.UpperLip), at.Point(0, at.MouthY - (traits.UpperLip * 0.7f)),
            at.Point(width * 0.4f, at.MouthY - traits.UpperLip), at.Point(width, corner), at.Point(0, at.MouthY + 0.01f));
        using var lower = Shape(at.Point(-width, corner), at.Point(0, at.MouthY + 0.005f), at.Point(width, corner), at.Point(0, at.MouthY + (traits.LowerLip * 2)));
        using var upperPaint = Fill(Darker(lips, 0.85f));
        using var lowerPaint = Fill(lips);
        canvas.DrawPath(lower, lowerPaint);
        canvas.DrawPath(upper, upperPaint);
        using var line = Stroke(new SKColor(66, 28, 28), at.Size * 0.006f);
        using var between = Curve(at.Point(-width, corner), at.Point(0, at.MouthY + (traits.Smile * 0.9f)), at.Point(width, corner));
        canvas.DrawPath(between, line);
    }

    private void PaintMole()
    {
        if (Math.Abs(traits.Mole.X) > 0.75f)
            return;

        using var paint = Fill(Darker(traits.Skin, 0.35f));
        canvas.DrawCircle(at.Point(traits.Mole.X, traits.Mole.Y), at.Size * 0.006f, paint);
    }

    private void Soft(SKColor color, float strength, float x, float y, float width, float height)
    {
        using var paint = Fill(color.WithAlpha((byte)(strength * 200)));
        using var blur = SKMaskFilter.CreateBlur(SKBlurStyle.Normal, at.Size * 0.011f);
        paint.MaskFilter = blur;
        canvas.DrawOval(at.X(x), at.Y(y), width * at.HalfWidth, height * at.HalfHeight, paint);
    }

    private void Line(SKColor color, float strength, float width, float x1, float y1, float x2, float y2)
    {
        using var paint = Stroke(color.WithAlpha((byte)(strength * 200)), width * at.HalfWidth);
        using var blur = SKMaskFilter.CreateBlur(SKBlurStyle.Normal, at.Size * 0.006f);
        paint.MaskFilter = blur;
        canvas.DrawLine(at.Point(x1, y1), at.Point(x2, y2), paint);
    }

    private void Oval(SKColor color, float x, float y, float width, float height)
    {
        using var paint = Fill(color);
        canvas.DrawOval(x, y, width, height, paint);
    }
}
