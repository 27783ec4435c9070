// SPDX-License-Identifier: Apache-2.0
package dev.jrun.benchmark;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The results as a picture (SVG): for each measurement a bar per subject, on a scale of its own. */
final class BarChart {
    private static final int WIDTH = 760;
    private static final int LEFT = 60;
    private static final int LONGEST_BAR = 560;
    private static final int BAR = 16;
    private static final int PITCH = 20;
    private static final int TITLE = 26;
    private static final int GAP = 14;
    private static final Map<String, String> COLOURS = Map.of(
            "jrun", "#1b7f5c",
            "crun", "#c98a1b",
            "new-crun", "#e0b45c",
            "runc", "#b5443c",
            "new-runc", "#d58a84",
            "floor", "#9aa0a6");

    private final StringBuilder svg = new StringBuilder();
    private int y = GAP;

    private BarChart() {}

    static String of(List<Measurement> measurements) {
        BarChart chart = new BarChart();
        measurements.forEach(chart::add);
        return """
               <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" \
               font-family="sans-serif" font-size="13" fill="#202124">
               <rect width="%1$d" height="%2$d" fill="#ffffff"/>
               %3$s</svg>
               """.formatted(WIDTH, chart.y, chart.svg);
    }

    private void add(Measurement measurement) {
        double most = measurement.subjects().values().stream()
                .mapToDouble(Samples::median)
                .max()
                .orElse(1);
        text(GAP, y + 14, "font-weight=\"bold\"", measurement.title());
        y += TITLE;
        measurement.subjects().forEach((subject, samples) -> {
            double length = Math.max(1, samples.median() / most * LONGEST_BAR);
            text(LEFT - 8, y + 13, "text-anchor=\"end\"", subject);
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\" fill=\"%s\"/>%n",
                    LEFT,
                    y,
                    length,
                    BAR,
                    COLOURS.getOrDefault(subject, "#5f6368")));
            String value = measurement.unit().show(samples.median()) + " "
                    + measurement.unit().symbol();
            text((int) (LEFT + length + 6), y + 13, "", value);
            y += PITCH;
        });
        y += GAP;
    }

    private void text(int x, int baseline, String attributes, String text) {
        svg.append("<text x=\"%d\" y=\"%d\" %s>%s</text>%n"
                .formatted(x, baseline, attributes, text.replace("&", "&amp;").replace("<", "&lt;")));
    }
}
