// Pictures and chips as raw bytes.
#pragma once

#include <fstream>
#include <string>
#include <vector>

#include <dlib/matrix.h>
#include <dlib/pixel.h>

inline dlib::matrix<dlib::rgb_pixel> read_ppm(const std::string& name)
{
    std::ifstream file(name, std::ios::binary);
    std::string magic;
    long columns, rows, most;
    file >> magic >> columns >> rows >> most;
    file.get();
    dlib::matrix<dlib::rgb_pixel> picture(rows, columns);
    if (magic != "P6" || most != 255 || !file.read(reinterpret_cast<char*>(&picture(0, 0)), 3 * rows * columns))
        throw std::runtime_error("not a binary PPM");
    return picture;
}

inline std::vector<dlib::matrix<dlib::rgb_pixel>> read_chips(const std::string& name)
{
    std::ifstream file(name, std::ios::binary);
    std::vector<dlib::matrix<dlib::rgb_pixel>> chips;
    dlib::matrix<dlib::rgb_pixel> chip(150, 150);
    while (file.read(reinterpret_cast<char*>(&chip(0, 0)), 3 * chip.size()))
        chips.push_back(chip);
    return chips;
}

inline void write_chip(std::ostream& out, const dlib::matrix<dlib::rgb_pixel>& chip)
{
    out.write(reinterpret_cast<const char*>(&chip(0, 0)), 3 * chip.size());
}
