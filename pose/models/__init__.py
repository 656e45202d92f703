"""Network architectures: LitePose (`litepose`), its widths (`config`, free of torch)."""
