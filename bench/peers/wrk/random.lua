-- Asks for files of the directory "small" at random. The names are numbers below 10,000.
dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "report.lua")
math.randomseed(1)
request = function()
  return wrk.format("GET", "/small/" .. math.random(0, 9999))
end
