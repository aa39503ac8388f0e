using SkiaSharp;
using static FaceSearch.TestSupport.Drawn.Brushes;

namespace FaceSearch.TestSupport.Drawn;

/// <summary>Paints one head into a square, from back to front.</summary>
/// <param name="pose">-1 to 1: how far the features move to a side, as on a head that is turned.</param>
internal sealed class FacePainter(SKCanvas canvas, SKRect square, FaceTraits traits, float pose)
{
    private readonly float size = square.Width;
    private readonly float halfWidth = square.Width * traits.FaceWidth / 2;
    private readonly float halfHeight = square.Width * traits.FaceHeight / 2;

    /// <summary>What is nearer to the viewer than the middle of the head moves farther.</summary>
    private readonly float turn = pose * 0.12f;

    public void Paint()
    {
        PaintBody();
        PaintHairBehind();
        PaintEars();
        PaintHead();
        PaintSkin();
        if (traits.Beard != Beard.None)
            PaintBeard();

        foreach (var side in new[] { -1, 1 })
        {
            PaintEye(side);
            PaintBrow(side);
        }

        PaintNose();
        PaintMouth();
        PaintMole();
        PaintHairInFront();
        if (traits.Glasses != Glasses.None)
            PaintGlasses();
    }

    private float X(float x, float depth = 1) => square.MidX + ((x + (turn * depth)) * halfWidth);

    private float Y(float y) => square.MidY + (size * 0.01f) + (y * halfHeight);

    private SKPoint At(float x, float y, float depth = 1) => new(X(x, depth), Y(y));

    private SKPath Head(float grow = 1, float top = -1)
    {
        using var builder = new SKPathBuilder();
        const int Steps = 96;
        for (var i = 0; i < Steps; i++)
        {
            var (sin, cos) = MathF.SinCos(i * 2 * MathF.PI / Steps);
            var width = sin < 0
                ? 1 - ((1 - traits.Forehead) * -sin)
                : 1 - ((1 - traits.Jaw) * MathF.Pow(sin, 1.5f));
            var point = At(cos * width * grow, (sin < 0 ? -sin * top : sin) * grow, 0);
            if (i == 0)
                builder.MoveTo(point);
            else
                builder.LineTo(point);
        }

        builder.Close();
        return builder.Detach();
    }

    private void PaintBody()
    {
        using var clothes = Fill(traits.Clothes);
        canvas.DrawOval(square.MidX, Y(1) + (size * 0.36f), size * 0.42f, size * 0.24f, clothes);
        using var neck = Fill(Darker(traits.Skin, 0.8f));
        canvas.DrawRect(new SKRect(X(-0.5f, 0), Y(0.5f), X(0.5f, 0), Y(1) + (size * 0.17f)), neck);
    }

    private void PaintHairBehind()
    {
        if (traits.HairStyle == HairStyle.Bald)
            return;

        using var hair = Fill(Darker(traits.HairColor, 0.85f));
        var volume = traits.HairStyle == HairStyle.Curly ? traits.HairVolume + 0.12f : traits.HairVolume;
        var bottom = traits.HairStyle is HairStyle.Long or HairStyle.Curly ? 0.4f + traits.HairLength : 0.15f;
        canvas.DrawOval(new SKRect(X(-volume, 0), Y(-volume), X(volume, 0), Y(bottom)), hair);
        if (traits.HairStyle == HairStyle.Long)
            canvas.DrawRect(new SKRect(X(-volume, 0), Y(-0.3f), X(volume, 0), Y(bottom)), hair);
    }

    private void PaintEars()
    {
        using var ear = Fill(Darker(traits.Skin, 0.85f));
        foreach (var side in new[] { -1, 1 })
            canvas.DrawOval(X(side * 1.0f, 0), Y(0.02f), halfWidth * 0.13f, halfHeight * 0.19f, ear);
    }

    /// <summary>Lit from the front, darker towards the outline.</summary>
    private void PaintHead()
    {
        using var head = Head();
        using var paint = Fill(traits.Skin);
        using var light = SKShader.CreateRadialGradient(
            At(-0.15f + (pose * 0.1f), -0.2f, 0),
            halfHeight * 1.35f,
            [Lighter(traits.Skin, 1.1f), traits.Skin, Darker(traits.Skin, 0.6f)],
            [0, 0.45f, 1],
            SKShaderTileMode.Clamp);
        paint.Shader = light;
        canvas.DrawPath(head, paint);
    }

    /// <summary>Soft shadows: eye sockets, the nose, under the lip, folds, blush.</summary>
    private void PaintSkin()
    {
        using var head = Head();
        canvas.Save();
        canvas.ClipPath(head, antialias: true);
        var shadow = Darker(traits.Skin, 0.5f);
        foreach (var side in new[] { -1, 1 })
        {
            var eye = side * traits.EyeDistance;
            Soft(shadow, traits.EyeShadow, eye, traits.EyeY - 0.03f, traits.EyeWidth * 1.35f, traits.EyeWidth * 0.62f);
            Soft(shadow, traits.EyeBags * 0.6f, eye, traits.EyeY + 0.14f, traits.EyeWidth, 0.035f);
            Soft(new SKColor(200, 70, 70), traits.Blush * 0.45f, side * 0.6f, 0.28f, 0.26f, 0.13f);
            Line(shadow, traits.Folds * 0.7f, 0.03f, side * traits.NoseWidth * 1.25f, NoseY, side * traits.MouthWidth * 1.2f, MouthY);
        }

        Soft(shadow, traits.NoseShade, 0, NoseY, traits.NoseWidth * 1.15f, 0.055f);
        Line(shadow, traits.NoseShade * 0.8f, 0.05f, traits.NoseBridge, traits.EyeY, traits.NoseWidth * 0.8f, NoseY - 0.03f);
        Line(shadow, traits.NoseShade * 0.35f, 0.04f, -traits.NoseBridge, traits.EyeY, -traits.NoseWidth * 0.8f, NoseY - 0.03f);
        Soft(Lighter(traits.Skin, 1.2f), 0.45f, -0.02f, NoseY - 0.1f, traits.NoseBridge, 0.14f);
        Soft(shadow, 0.4f, 0, MouthY + traits.LowerLip + 0.09f, traits.MouthWidth * 0.7f, 0.035f);
        for (var line = 0; line < 3; line++)
            Line(shadow, traits.ForeheadLines * 0.6f, 0.012f, -0.4f, -0.5f + (line * 0.07f), 0.4f, -0.5f + (line * 0.07f));

        canvas.Restore();
    }

    private float NoseY => traits.EyeY + (traits.NoseLength * traits.EyeDistance * halfWidth / halfHeight);

    private float MouthY => NoseY + traits.MouthDrop;

    private void PaintBeard()
    {
        using var head = Head(1.02f);
        canvas.Save();
        canvas.ClipPath(head, antialias: true);
        using var paint = Fill(Darker(traits.HairColor, 0.8f).WithAlpha(225));
        using var blur = SKMaskFilter.CreateBlur(SKBlurStyle.Normal, size * 0.004f);
        paint.MaskFilter = blur;
        var lip = MouthY - traits.UpperLip;
        if (traits.Beard is Beard.Moustache or Beard.Full)
        {
            using var moustache = Shape(
                At(-traits.MouthWidth * 1.15f, MouthY + 0.02f), At(-traits.NoseWidth, lip - 0.09f), At(0, lip - 0.07f),
                At(traits.NoseWidth, lip - 0.09f), At(traits.MouthWidth * 1.15f, MouthY + 0.02f), At(0, lip));
            canvas.DrawPath(moustache, paint);
        }

        var chin = MouthY + traits.LowerLip + 0.06f;
        if (traits.Beard == Beard.Goatee)
            canvas.DrawOval(new SKRect(X(-traits.MouthWidth * 0.75f), Y(chin), X(traits.MouthWidth * 0.75f), Y(1.1f)), paint);
        if (traits.Beard == Beard.Full)
        {
            using var full = Shape(
                At(-1.1f, 0.05f), At(-0.92f, 0.08f), At(-traits.MouthWidth * 1.25f, lip), At(-traits.MouthWidth * 0.9f, chin),
                At(traits.MouthWidth * 0.9f, chin), At(traits.MouthWidth * 1.25f, lip), At(0.92f, 0.08f), At(1.1f, 0.05f),
                At(1.1f, 1.2f), At(-1.1f, 1.2f));
            canvas.DrawPath(full, paint);
        }

        canvas.Restore();
    }

    private void PaintEye(int side)
    {
        canvas.Save();
        canvas.Translate(At(side * traits.EyeDistance, traits.EyeY));
        canvas.RotateDegrees(-side * traits.EyeTilt);
        var width = traits.EyeWidth * halfWidth;
        var height = width * traits.EyeOpening;
        using var outline = Almond(width, height);
        canvas.Save();
        canvas.ClipPath(outline, antialias: true);
        Oval(new SKColor(238, 234, 230), 0, 0, width, height);
        var iris = Math.Min(height * 1.05f, width * 0.55f);
        var look = pose * width * 0.1f;
        Oval(traits.Iris, look, -height * 0.08f, iris, iris);
        Oval(new SKColor(12, 10, 10), look, -height * 0.08f, iris * 0.45f, iris * 0.45f);
        Oval(SKColors.White, look + (iris * 0.3f), -height * 0.4f, iris * 0.18f, iris * 0.18f);
        canvas.Restore();

        using var lid = Stroke(new SKColor(40, 26, 22), size * 0.004f * traits.LidLine);
        using var upper = Curve(new(-width * 1.05f, 0), new(0, -height * 2.1f), new(width * 1.05f, 0));
        canvas.DrawPath(upper, lid);
        using var crease = Stroke(Darker(traits.Skin, 0.55f).WithAlpha(150), size * 0.005f);
        using var fold = Curve(new(-width, -height * 0.5f), new(0, -height * 2.9f), new(width, -height * 0.5f));
        canvas.DrawPath(fold, crease);
        canvas.Restore();
    }

    private void PaintBrow(int side)
    {
        canvas.Save();
        canvas.Translate(At(side * traits.EyeDistance, traits.EyeY - traits.BrowGap - (traits.EyeOpening * 0.1f)));
        canvas.RotateDegrees(-side * traits.BrowTilt);
        var width = traits.EyeWidth * traits.BrowLength * halfWidth;
        var arch = traits.BrowArch * halfHeight;
        var thick = traits.BrowThickness * halfHeight;
        using var brow = Shape(
            new(-side * width, thick * 0.6f), new(-side * width, -thick * 0.5f), new(0, -arch - (thick * 0.5f)),
            new(side * width, arch * 0.3f), new(0, -arch + (thick * 0.7f)));
        using var paint = Fill(Darker(traits.HairColor, 0.75f));
        using var blur = SKMaskFilter.CreateBlur(SKBlurStyle.Normal, size * 0.002f);
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
            using var edge = Stroke(wing.WithAlpha(170), size * 0.006f);
            using var curve = Curve(
                At(side * traits.NoseWidth * 0.8f, NoseY - 0.11f, 1.5f), At(side * traits.NoseWidth * 1.35f, NoseY + 0.03f, 1.5f),
                At(side * traits.NoseWidth * 0.45f, NoseY + 0.04f, 1.5f));
            canvas.DrawPath(curve, edge);
        }

        using var dark = Fill(Darker(traits.Skin, 0.3f).WithAlpha(210));
        foreach (var side in new[] { -1, 1 })
            canvas.DrawOval(X(side * traits.NoseWidth * 0.55f, 1.5f), Y(NoseY + 0.02f), halfWidth * traits.NoseWidth * 0.28f, halfHeight * 0.022f, dark);
    }

    private void PaintMouth()
    {
        var (width, corner) = (traits.MouthWidth, MouthY - traits.Smile);
        var lips = Mix(Darker(traits.Skin, 0.68f), new SKColor(176, 52, 62), 0.15f + (traits.LipRed * 0.6f));
        using var upper = Shape(
            At(-width, corner), At(-width * 0.4f, MouthY - traits.UpperLip), At(0, MouthY - (traits.UpperLip * 0.7f)),
            At(width * 0.4f, MouthY - traits.UpperLip), At(width, corner), At(0, MouthY + 0.01f));
        using var lower = Shape(At(-width, corner), At(0, MouthY + 0.005f), At(width, corner), At(0, MouthY + (traits.LowerLip * 2)));
        using var upperPaint = Fill(Darker(lips, 0.85f));
        using var lowerPaint = Fill(lips);
        canvas.DrawPath(lower, lowerPaint);
        canvas.DrawPath(upper, upperPaint);
        using var line = Stroke(new SKColor(66, 28, 28), size * 0.006f);
        using var between = Curve(At(-width, corner), At(0, MouthY + (traits.Smile * 0.9f)), At(width, corner));
        canvas.DrawPath(between, line);
    }

    private void PaintMole()
    {
        if (Math.Abs(traits.Mole.X) > 0.75f)
            return;

        using var paint = Fill(Darker(traits.Skin, 0.35f));
        canvas.DrawCircle(At(traits.Mole.X, traits.Mole.Y), size * 0.006f, paint);
    }

    private void PaintHairInFront()
    {
        if (traits.HairStyle == HairStyle.Bald)
            return;

        using var hair = Fill(traits.HairColor);
        using var clip = Head(traits.HairStyle == HairStyle.Curly ? 1.25f : 1.1f, -1.02f);
        canvas.Save();
        canvas.ClipPath(clip, antialias: true);
        var line = traits.Hairline;
        var (left, middle, right) = traits.HairStyle switch
        {
            HairStyle.Fringe => (line + 0.12f, line + 0.14f, line + 0.1f),
            HairStyle.Parted => (line + 0.25f, line - 0.25f, line + 0.05f),
            HairStyle.Short => (line - 0.1f, line - 0.12f, line - 0.1f),
            _ => (line + 0.1f, line - 0.2f, line + 0.1f),
        };
        using var fringe = Shape(
            At(-1.4f, -1.4f, 0), At(-1.4f, 0, 0), At(-0.98f, -0.1f, 0), At(-0.8f, left, 0.3f), At(-0.25f, middle, 0.3f),
            At(0.5f, right, 0.3f), At(0.85f, right + 0.1f, 0.3f), At(0.98f, -0.1f, 0), At(1.4f, 0, 0), At(1.4f, -1.4f, 0));
        canvas.DrawPath(fringe, hair);
        canvas.Restore();
    }

    private void PaintGlasses()
    {
        using var frame = Stroke(new SKColor(30, 28, 32), size * 0.009f);
        var (width, height) = (traits.EyeWidth * 1.45f * halfWidth, traits.EyeWidth * 1.2f * halfWidth);
        foreach (var side in new[] { -1, 1 })
        {
            var middle = At(side * traits.EyeDistance, traits.EyeY + 0.02f);
            var lens = new SKRect(middle.X - width, middle.Y - height, middle.X + width, middle.Y + height);
            if (traits.Glasses == Glasses.Round)
                canvas.DrawOval(lens, frame);
            else
                canvas.DrawRoundRect(lens, height * 0.25f, height * 0.25f, frame);
            canvas.DrawLine(middle.X + (side * width), middle.Y, X(side * 0.98f, 0), Y(traits.EyeY), frame);
        }

        canvas.DrawLine(
            X(-traits.EyeDistance) + width, Y(traits.EyeY), X(traits.EyeDistance) - width, Y(traits.EyeY), frame);
    }

    private void Soft(SKColor color, float strength, float x, float y, float width, float height)
    {
        using var paint = Fill(color.WithAlpha((byte)(strength * 200)));
        using var blur = SKMaskFilter.CreateBlur(SKBlurStyle.Normal, size * 0.011f);
        paint.MaskFilter = blur;
        canvas.DrawOval(X(x), Y(y), width * halfWidth, height * halfHeight, paint);
    }

    private void Line(SKColor color, float strength, float width, float x1, float y1, float x2, float y2)
    {
        using var paint = Stroke(color.WithAlpha((byte)(strength * 200)), width * halfWidth);
        using var blur = SKMaskFilter.CreateBlur(SKBlurStyle.Normal, size * 0.006f);
        paint.MaskFilter = blur;
        canvas.DrawLine(At(x1, y1), At(x2, y2), paint);
    }

    private void Oval(SKColor color, float x, float y, float width, float height)
    {
        using var paint = Fill(color);
        canvas.DrawOval(x, y, width, height, paint);
    }
}
